import { messageOf } from '../../schema/appError';
import { load, machineLine } from '../machine';
import type { Bench } from '../part';
import { peerProject } from '../peerProject';
import { type Figures, interleaved } from '../rounds';
import { ethersLoop } from '../systems/ethersLoop';
import { everythingOn } from '../systems/everythingOn';
import { loopTablesOf } from '../systems/loopTables';
import { ponder } from '../systems/ponder';
import { subsquid } from '../systems/subsquid';
import type { System } from '../systems/system';
import { count, printTable } from '../table';

/** Cold backfill of the same chain: ours with everything on, ours with the peers' tables, and the peers. */
export async function backfill(bench: Bench): Promise<void> {
  const { options, folder, serverUrl } = bench;
  const chain = await bench.openChain(options.events);
  const networkFile = bench.networkFile(chain);
  const all = [...ours(bench), ...(options.peers ? await peers(bench) : [])];
  const only = options.only.toLowerCase().split(',');
  const systems = all.filter(({ name }) => only.some((part) => name.toLowerCase().includes(part)));
  const { rounds, profile } = options;
  const figures = await interleaved({ systems, rounds, chain, networkFile, folder, serverUrl, profile });

  console.log(`\n${machineLine()}, load ${load()}`);
  console.log(`cold backfill: ${count(chain.events)} events in ${count(chain.head)} blocks of a local anvil`);
  console.log(`whole processes, from launch to the last row with every index built; medians of ${rounds}\n`);
  // The fastest peer is what we are measured by; without peers, the first line.
  const reference = figures.find(({ name }) => name.startsWith('Subsquid')) ?? figures[0]!;
  printTable(
    ['', 'events/s', 'time', 'own CPU', 'peak memory', `to ${reference.name}`],
    figures.map((line) => row(line, chain.events, reference)),
  );
  if (profile) console.log(`\nProfiles of the first round: ${folder}/*.cpuprofile`);
}

function row({ name, seconds, peakMb, cpuSeconds }: Figures, events: number, reference: Figures): string[] {
  return [
    name,
    count(events / seconds),
    `${seconds.toFixed(2)} s`,
    cpuSeconds === undefined ? '' : `${cpuSeconds.toFixed(1)} s`,
    peakMb === undefined ? '' : `${Math.round(peakMb)} MB`,
    `${(reference.seconds / seconds).toFixed(2)}x`,
  ];
}

function ours({ options }: Bench): System[] {
  const ladder = options.promises
    ? [
        loopTablesOf('+ segments', ['segments']),
        loopTablesOf('+ event rows', ['segments', 'events']),
        loopTablesOf('+ what events name', ['segments', 'events', 'subjects']),
      ]
    : [];
  return [
    loopTablesOf("ours, the loop's tables", []),
    ...ladder,
    everythingOn(),
    ...(options.ethers ? [ethersLoop] : []),
  ];
}

const PONDER_URLS = 16;

/** A peer that can't be installed is said and left out: the others are measured all the same. */
async function peers({ folder, options }: Bench): Promise<System[]> {
  const systems: System[] = [];
  const made: [name: string, systems: (project: string) => System[]][] = [
    ['subsquid', (project) => [subsquid(project)]],
    ['ponder', (project) => [ponder(project, PONDER_URLS), ...(options.ponderDefault ? [ponder(project, 1)] : [])]],
  ];
  for (const [name, systemsOf] of made) {
    try {
      systems.push(...systemsOf(await peerProject(name, folder)));
    } catch (error) {
      console.log(`NOT MEASURED: ${messageOf(error)}`);
    }
  }
  return systems;
}
