import path from 'node:path';
import { messageOf } from '../../schema/appError';
import { startChild } from '../child';
import { emptyDatabase, withClient } from '../database';
import { differences, digestOf } from '../loopTables/digest';
import { load, machineLine } from '../machine';
import type { Bench } from '../part';
import { peerProject } from '../peerProject';
import { type Figures, figuresOf } from '../rounds';
import { forgetStatements, printStatements } from '../statements';
import { countEvents, everythingOn } from '../systems/everythingOn';
import { PONDER_SCHEMA, runPonder } from '../systems/ponder';
import { type Run, usedBy } from '../systems/system';
import { count, printTable } from '../table';

const PONDER_URLS = 16;

/** Every row made anew without asking a node: ours from stored segments, Ponder's from what it cached of the RPC. */
export async function reindex(bench: Bench): Promise<void> {
  const { options } = bench;
  const chain = await bench.openChain(options.events);
  const figures: Figures[] = [await ours(bench)];
  if (options.peers) {
    try {
      figures.push(await ponders(bench, await peerProject('ponder', bench.folder)));
    } catch (error) {
      console.log(`NOT MEASURED: ${messageOf(error)}`);
    }
  }
  console.log(`\n${machineLine()}, load ${load()}`);
  console.log(`re-index of ${count(chain.events)} events, whole processes; medians of ${options.rounds}\n`);
  const reference = figures.at(-1)!;
  printTable(
    ['', 'events/s', 'time', 'peak memory', `to ${reference.name}`],
    figures.map(({ name, seconds, peakMb }) => [
      name,
      count(chain.events / seconds),
      `${seconds.toFixed(2)} s`,
      peakMb === undefined ? '' : `${Math.round(peakMb)} MB`,
      `${(reference.seconds / seconds).toFixed(2)}x`,
    ]),
  );
}

async function ours(bench: Bench): Promise<Figures> {
  const { options, folder, serverUrl } = bench;
  const chain = await bench.openChain(options.events);
  const networkFile = bench.networkFile(chain);
  const databaseUrl = await emptyDatabase(serverUrl, 'bench_reindex');
  await everythingOn().run(databaseUrl, { chain, networkFile, folder, profile: false });
  const runs: Run[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    const profiled = options.profile && round === 1;
    if (profiled) await forgetStatements(serverUrl);
    const started = performance.now();
    const child = startChild(path.join(__dirname, '..', '..', 'start', 'reindex.js'), {
      env: { NETWORKS: networkFile, DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn', LOG_FORMAT: 'json' },
      profileFolder: profiled ? folder : undefined,
      endsByItself: true,
    });
    if ((await child.exited) !== 0) throw new Error('npm run reindex failed');
    runs.push({ seconds: (performance.now() - started) / 1_000, ...usedBy([child]) });
    if (profiled) await printStatements(serverUrl, 're-index');
    await withClient(databaseUrl, async (client) => {
      const events = await countEvents(client);
      if (events !== chain.events) throw new Error(`${events} events of ${chain.events} after a re-index`);
      const { rowCount } = await client.query('select from deferred_index');
      if (rowCount !== 0) throw new Error(`${rowCount} indexes were not built when the re-index ended`);
    });
    console.log(`round ${round} of ${options.rounds}: ours: same number of events, every index`);
  }
  return figuresOf('ours, from segments', runs);
}

async function ponders(bench: Bench, project: string): Promise<Figures> {
  const { options, folder, serverUrl } = bench;
  const chain = await bench.openChain(options.events);
  const databaseUrl = await emptyDatabase(serverUrl, 'bench_reindex_ponder');
  const run = (schema: string) =>
    runPonder({ project, databaseUrl, chain, urls: PONDER_URLS, schema, logFile: path.join(folder, 'ponder.log') });
  await run(PONDER_SCHEMA);
  const told = (schema: string) =>
    withClient(databaseUrl, async (client) => ({ name: schema, digest: await digestOf(client, schema) }));
  const first = await told(PONDER_SCHEMA);
  const runs: Run[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    const schema = `${PONDER_SCHEMA}_${round}`;
    runs.push(await run(schema));
    const found = differences(first, await told(schema));
    if (found.length > 0) throw new Error(`Ponder's re-index differs:\n  ${found.join('\n  ')}`);
    console.log(`round ${round} of ${options.rounds}: Ponder: same rows`);
  }
  return figuresOf('Ponder 0.16.6, from its RPC cache', runs);
}
