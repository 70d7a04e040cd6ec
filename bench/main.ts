// npm run bench: times the cold backfill of a local chain, and prints a table.
//   npm run bench -- --events 200000 --rounds 5 --profile
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { openEmbedded } from '../db/embedded';
import { rpcTo } from '../demo/rpc';
import { type Backfill, timeBackfill } from './backfill';
import { openBenchChain } from './chain/benchChain';
import { closeChildren } from './child';
import { timeDecoding } from './decoding';
import { timePeer } from './peerBackfill';
import { count, median, printTable } from './table';

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '3' },
    /** Leaves CPU profiles of the first round's processes; its time is not that of an undisturbed run. */
    profile: { type: 'boolean', default: false },
    peer: { type: 'boolean', default: true },
    /** Blocks that a node gives logs of at once, as a provider limits them. */
    range: { type: 'string' },
  },
  allowNegative: true,
});

const closers: (() => Promise<void>)[] = [];

async function bench(): Promise<void> {
  const rounds = Number(options.rounds);
  const folder = path.join(path.resolve(process.env.DATA_DIR ?? '.data'), 'bench');
  const chain = await openBenchChain(folder, Number(options.events));
  closers.push(chain.close);
  const networkFile = path.join(folder, 'network.json');
  const maxLogsRange = options.range ? Number(options.range) : undefined;
  writeFileSync(networkFile, JSON.stringify({ chains: [{ ...chain.config, maxLogsRange }] }));
  const postgres = await openEmbedded({ dataDir: folder, database: 'bench' });
  closers.push(postgres.close);

  const { config, head, events } = chain;
  const ours: Backfill[] = [];
  const peers: Backfill[] = [];
  for (let round = 1; round <= rounds; round++) {
    // In turns, so that what else the machine does hits both.
    const profileFolder = options.profile && round === 1 ? folder : undefined;
    const backfill = { networkFile, chainId: config.chainId, head, profileFolder };
    ours.push(await onEmptyDatabase(postgres.url, (databaseUrl) => timeBackfill({ databaseUrl, ...backfill })));
    if (options.peer) {
      peers.push(await onEmptyDatabase(postgres.url, (databaseUrl) => timePeer(databaseUrl, networkFile, head)));
    }
    for (const run of [ours.at(-1), peers.at(-1)]) {
      if (run && run.events !== events) throw new Error(`${run.events} rows for ${events} events`);
    }
    const peer = peers.at(-1);
    const beside = peer ? `, ethers loop ${peer.seconds.toFixed(2)} s` : '';
    console.log(`round ${round} of ${rounds}: ${ours.at(-1)!.seconds.toFixed(2)} s${beside}`);
  }
  const decoding = await timeDecoding(rpcTo(chain.anvil.url), config, rounds);

  const [cpu] = os.cpus();
  const machine = `${os.cpus().length} cores (${cpu?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  console.log(`\n${machine}, load ${os.loadavg()[0]?.toFixed(1)}`);
  console.log(`${count(events)} events in ${count(head)} blocks of a local anvil; medians of ${rounds}\n`);
  const rate = (runs: readonly Backfill[]) => events / median(runs.map(({ seconds }) => seconds));
  const backfillRow = (name: string, runs: readonly Backfill[]) => [
    name,
    count(rate(runs)),
    `${median(runs.map(({ seconds }) => seconds)).toFixed(2)} s`,
    `${Math.round(median(runs.map(({ peakMb }) => peakMb ?? Number.NaN)))} MB`,
    peers.length > 0 ? `${(rate(runs) / rate(peers)).toFixed(1)}x` : '',
  ];
  printTable(
    ['', 'events/s', 'time', 'peak memory', 'ratio'],
    [
      backfillRow('cold backfill: indexer + worker', ours),
      ...(peers.length > 0 ? [backfillRow('ethers loop, event rows alone', peers)] : []),
      ['decoding alone: ours', count(decoding.ours), '', '', `${(decoding.ours / decoding.ethers).toFixed(0)}x`],
      ['decoding alone: ethers parseLog', count(decoding.ethers), '', '', '1x'],
    ],
  );
  if (options.profile) console.log(`\nProfiles: ${folder}/*.cpuprofile`);
}

async function onEmptyDatabase<T>(serverUrl: string, use: (databaseUrl: string) => Promise<T>): Promise<T> {
  const name = 'bench_round';
  const admin = new Client({ connectionString: serverUrl });
  admin.on('error', () => undefined);
  await admin.connect();
  try {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`create database ${name}`);
    // What was written before is not this round's to flush.
    await admin.query('checkpoint');
    return await use(new URL(`/${name}`, serverUrl).href);
  } finally {
    await admin.end();
  }
}

let interrupted = false;

async function closeAll(): Promise<void> {
  await closeChildren();
  for (let close = closers.pop(); close; close = closers.pop()) await close().catch(() => undefined);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true;
    void closeAll().then(() => process.exit(0));
  });
}
bench()
  .catch((error) => {
    // What breaks while everything is being closed is a consequence of that.
    if (interrupted) return;
    console.error(error);
    process.exitCode = 1;
  })
  .finally(closeAll);
