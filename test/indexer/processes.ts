import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChainConfig } from '../../schema/networkFile';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { randomHistory } from '../oracle/history';
import { blank } from '../oracle/pretend';
import type { TestDatabase } from '../run/database';
import { until } from '../run/until';
import { type Program, startProgram } from '../start/program';
import { expectSurvived, type Watch, watchSnapshots } from './survives';

export type Command = 'migrate' | 'indexer' | 'worker';

/** The commands as processes of their own over one database and one chain, to be killed without warning. */
export interface Processes {
  chain: FakeChain;
  node: FakeNode;
  config: ChainConfig;
  /** Random blocks. */
  play(seed: string, blocks: number): void;
  /** So many events that indexes wait for their end, and twelve blocks without any. */
  playLong(): void;
  start(command: Command): Program;
  /** kill -9. */
  kill(program: Program): Promise<void>;
  /** The first row's `value`; undefined while there is no such table, or no such row. */
  value<T>(sql: string): Promise<T | undefined>;
  indexed(): Promise<string | undefined>;
  reachHead(): Promise<void>;
  /** Status and rows must agree in every snapshot from now on. */
  watch(): void;
  survived(): Promise<void>;
  /** Kills what is left, and drops the database. */
  close(): Promise<void>;
}

export async function openProcesses(database: TestDatabase, chain = createFakeChain()): Promise<Processes> {
  const folder = await mkdtemp(path.join(tmpdir(), 'crashes-'));
  const node = await startFakeNode(chain);
  const config = chain.config(node.url, { finality: { depth: 12 }, maxLogsRange: 6 });
  const NETWORKS = path.join(folder, 'network.json');
  writeFileSync(NETWORKS, JSON.stringify({ chains: [config] }));
  const env = { NETWORKS, DATABASE_URL: database.url, DATA_DIR: path.join(folder, 'data') };
  const programs = new Set<Program>();
  let watched: Watch | undefined;

  const kill = async (program: Program) => {
    programs.delete(program);
    program.child.kill('SIGKILL');
    await program.exited;
  };
  const value = async <T>(sql: string) =>
    (await database.pool.query<{ value: T }>(sql).catch(() => ({ rows: [] }))).rows[0]?.value;
  const indexed = () => value<string>(`select '0x' || encode(indexed_hash, 'hex') as value from chain`);
  return {
    chain,
    node,
    config,
    play(seed, blocks) {
      const { timestamp } = chain.head;
      chain.play(randomHistory(seed, { logs: 24 * blocks, timestamp }).slice(0, blocks));
    },
    playLong() {
      const bonds = Array.from({ length: 500 }, (_, i) => blank('BondChanged', { newBalance: BigInt(i) }));
      for (let block = 0; block < 13; block++) chain.mine([bonds.slice(block)]);
      for (let block = 0; block < 12; block++) chain.mine([]);
    },
    start(command) {
      const program = startProgram(command, env);
      programs.add(program);
      return program;
    },
    kill,
    value,
    indexed,
    reachHead: () => until(async () => (await indexed()) === chain.head.hash, { what: 'the head' }),
    watch() {
      watched = watchSnapshots(database.pool);
    },
    survived: () => expectSurvived(database, config, node.url),
    async close() {
      try {
        await watched?.end();
      } finally {
        await Promise.all([...programs].map(kill));
        await node.close();
        await database.close();
        await rm(folder, { recursive: true });
      }
    },
  };
}
