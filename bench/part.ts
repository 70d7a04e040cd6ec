import type { ChainConfig } from '../schema/networkFile';
import type { BenchChain } from './chain/benchChain';

/** What every part of the benchmark gets: its options, and places that are opened once. */
export interface Bench {
  options: BenchOptions;
  /** Below DATA_DIR: chains, peers, logs and profiles are kept there. */
  folder: string;
  /** Of the embedded Postgres, with a database of its own. */
  serverUrl: string;
  /** The chain that all systems index, with at least this many events. */
  openChain(events: number): Promise<BenchChain>;
  /** Writes a network file with this chain alone and returns its path. */
  networkFile(chain: { config: ChainConfig }, changes?: object, name?: string): string;
  /** Closed when the benchmark ends, however it ends; the last opened first. */
  own<T extends { close(): Promise<void> }>(opened: T): T;
}

export interface BenchOptions {
  events: number;
  rounds: number;
  profile: boolean;
  peers: boolean;
  ponderDefault: boolean;
  promises: boolean;
  ethers: boolean;
  only: string;
  rewards: number;
  blocks: number;
  /** Of stored chains. */
  sizes: readonly number[];
  range?: number;
}

/** Prints its own table. */
export type Part = (bench: Bench) => Promise<void>;
