import type { BenchChain } from './chain/benchChain';
import { emptyDatabase, withClient } from './database';
import { type Digest, differences, digestOf } from './loopTables/digest';
import { load } from './machine';
import { forgetStatements, printStatements } from './statements';
import type { Run, System } from './systems/system';
import { median } from './table';

export interface RoundsOptions {
  systems: readonly System[];
  rounds: number;
  chain: BenchChain;
  networkFile: string;
  folder: string;
  serverUrl: string;
  /** Leaves CPU profiles of the first round's processes; its time is not that of an undisturbed run. */
  profile: boolean;
}

/** Medians of a system's rounds. */
export interface Figures {
  name: string;
  seconds: number;
  peakMb?: number;
  cpuSeconds?: number;
}

/**
 * Runs the systems in turns (A B C A B C ...), each round on an empty database, so that what else the machine does hits
 * all of them. What they wrote is compared before any time is given.
 * @throws Error that lists what differs between two systems, or between the rounds of one
 */
export async function interleaved(options: RoundsOptions): Promise<Figures[]> {
  const { systems, rounds, chain, networkFile, folder, serverUrl, profile } = options;
  const runs = new Map<System, Run[]>(systems.map((system) => [system, []]));
  let reference: { name: string; digest: Digest } | undefined;
  for (let round = 1; round <= rounds; round++) {
    for (const system of systems) {
      const databaseUrl = await emptyDatabase(serverUrl, 'bench_round');
      await system.prepare?.(databaseUrl);
      const before = load();
      const profiled = profile && round === 1;
      if (profiled) await forgetStatements(serverUrl);
      const run = await system.run(databaseUrl, { chain, networkFile, folder, profile: profiled });
      if (profiled) await printStatements(serverUrl, system.name);
      await withClient(databaseUrl, async (client) => {
        await system.finish?.(client);
        if (system.loopSchema) {
          const told = { name: system.name, digest: await digestOf(client, system.loopSchema) };
          reference ??= told;
          assertEqual(reference, told);
        }
        const events = await system.countEvents?.(client);
        if (events !== undefined && events !== chain.events) {
          throw new Error(`${system.name} has ${events} events of ${chain.events}`);
        }
      });
      runs.get(system)!.push(run);
      console.log(`round ${round} of ${rounds}: ${system.name}: same rows (load ${before} before)`);
    }
  }
  return systems.map((system) => figuresOf(system.name, runs.get(system)!));
}

const SHOWN = 20;

function assertEqual(a: { name: string; digest: Digest }, b: { name: string; digest: Digest }): void {
  const found = differences(a, b);
  if (found.length === 0) return;
  const more = found.length > SHOWN ? [`and ${found.length - SHOWN} more`] : [];
  throw new Error(`${a.name} and ${b.name} differ:\n  ${[...found.slice(0, SHOWN), ...more].join('\n  ')}`);
}

export function figuresOf(name: string, runs: readonly Run[]): Figures {
  const known = (figures: readonly (number | undefined)[]) => {
    const told = figures.filter((figure) => figure !== undefined);
    return told.length > 0 ? median(told) : undefined;
  };
  return {
    name,
    seconds: median(runs.map(({ seconds }) => seconds)),
    peakMb: known(runs.map(({ peakMb }) => peakMb)),
    cpuSeconds: known(runs.map(({ cpuSeconds }) => cpuSeconds)),
  };
}
