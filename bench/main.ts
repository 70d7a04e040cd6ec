// npm run bench -- [part ...] [flags]: times whole processes on a local chain, and prints tables.
//   npm run bench                                            cold backfill and decoding, a few minutes
//   npm run bench -- backfill --peers --promises             beside Subsquid and Ponder, and what each promise costs
//   npm run bench -- live rewind reindex workers growth      the other figures
//   npm run bench -- explorer                                first paint and scrolling in a Chromium
//   npm run bench -- api --peers --rewards 5000000           what the API answers in a second
//   npm run bench -- subscriptions                           10,000 subscribers, broadcasts, a resume over 1,000,000 changes
// Flags: see `flags` below. Chains, peers and profiles are kept in DATA_DIR/bench.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchChain, openBenchChain } from './chain/benchChain';
import { closeChildren } from './child';
import type { Bench, Part } from './part';
import { api } from './parts/api';
import { backfill } from './parts/backfill';
import { decoding } from './parts/decoding';
import { explorer } from './parts/explorer';
import { growth } from './parts/growth';
import { live } from './parts/live';
import { reindex } from './parts/reindex';
import { rewind } from './parts/rewind';
import { subscriptions } from './parts/subscriptions';
import { workers } from './parts/workers';
import { openBenchServer } from './statements';

const parts: Readonly<Record<string, Part>> = {
  backfill,
  decoding,
  live,
  rewind,
  reindex,
  workers,
  growth,
  api,
  subscriptions,
  explorer,
};
const byDefault = ['backfill', 'decoding'];

const flags = {
  events: { type: 'string', default: '50000' },
  rounds: { type: 'string', default: '3' },
  /** backfill, reindex: CPU profiles of the first round's processes, and where Postgres' time went. */
  profile: { type: 'boolean', default: false },
  /** backfill, reindex, api: Subsquid and Ponder too, installed with npm when first asked for. */
  peers: { type: 'boolean', default: false },
  /** backfill: Ponder with one RPC url too, as throttled as it comes. */
  'ponder-default': { type: 'boolean', default: false },
  /** backfill: the loop's tables with our promises added one by one. */
  promises: { type: 'boolean', default: false },
  /** backfill: a plain ethers loop too. */
  ethers: { type: 'boolean', default: false },
  /** backfill: only systems with one of these in their name; subscriptions: only these figures; separated by commas. */
  only: { type: 'string', default: '' },
  /** live: blocks per shape. */
  blocks: { type: 'string', default: '200' },
  /** growth: events of the chains, separated by commas; 200000,5000000 for the goal of the last row's speed. */
  sizes: { type: 'string', default: '200000,2000000' },
  /** api: rewards in the database that is asked; so many are made once. */
  rewards: { type: 'string', default: '200000' },
  /** Blocks that a node gives logs of at once, as a provider limits them. */
  range: { type: 'string' },
} as const;

const closers: (() => Promise<void>)[] = [];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: flags, allowPositionals: true, allowNegative: true });
  const wanted = positionals.length > 0 ? positionals : byDefault;
  const unknown = wanted.filter((name) => !parts[name]);
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}: there are ${Object.keys(parts).join(', ')}`);
  const folder = path.join(path.resolve(process.env.DATA_DIR ?? '.data'), 'bench');
  mkdirSync(folder, { recursive: true });
  const own = <T extends { close(): Promise<void> }>(opened: T): T => {
    closers.push(() => opened.close());
    return opened;
  };
  const postgres = own(await openBenchServer(folder, values.profile));
  const chains = new Map<number, Promise<BenchChain>>();
  const range = values.range ? Number(values.range) : undefined;
  const bench: Bench = {
    options: {
      events: Number(values.events),
      rounds: Number(values.rounds),
      blocks: Number(values.blocks),
      sizes: values.sizes.split(',').map(Number),
      profile: values.profile,
      peers: values.peers,
      ponderDefault: values['ponder-default'],
      promises: values.promises,
      ethers: values.ethers,
      only: values.only,
      rewards: Number(values.rewards),
      range,
    },
    folder,
    serverUrl: postgres.url,
    openChain(events) {
      const chain = chains.get(events) ?? openBenchChain(folder, events).then(own);
      chains.set(events, chain);
      return chain;
    },
    networkFile(chain, changes = {}, name = 'network') {
      const file = path.join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify({ chains: [{ ...chain.config, maxLogsRange: range, ...changes }] }));
      return file;
    },
    own,
  };
  for (const name of wanted) {
    await parts[name]!(bench);
    console.log('');
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
main()
  .catch((error) => {
    // What breaks while everything is being closed is a consequence of that.
    if (interrupted) return;
    console.error(error);
    process.exitCode = 1;
  })
  .finally(closeAll);
