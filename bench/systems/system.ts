import type { Client } from 'pg';
import type { BenchChain } from '../chain/benchChain';
import type { Child } from '../child';

/** One of what is compared: how it indexes the chain into an empty database, from the launch of its processes on. */
export interface System {
  name: string;
  /** Where it has the loop's tables; undefined if it keeps others. */
  loopSchema?: string;
  /** After every run, untimed: what the comparison needs. */
  finish?(client: Client): Promise<void>;
  /** Where it keeps every event, whatever it makes of it. */
  countEvents?(client: Client): Promise<number>;
  /** Before every round, untimed: what its users do once. */
  prepare?(databaseUrl: string): Promise<void>;
  run(databaseUrl: string, round: Round): Promise<Run>;
}

export interface Round {
  chain: BenchChain;
  /** Path of a network file with this chain alone. */
  networkFile: string;
  /** For logs and profiles. */
  folder: string;
  profile: boolean;
}

export interface Run {
  seconds: number;
  /** Of its largest process; undefined where the system doesn't say. */
  peakMb?: number;
  /** CPU time of all its processes, without the database's and the node's. */
  cpuSeconds?: number;
}

/** Of one run, however slow the machine: what stands still for good must not hold up the others. */
export const RUN_LIMIT_MS = 900_000;

/** What its processes took until now. */
export function usedBy(children: readonly Child[]): Pick<Run, 'peakMb' | 'cpuSeconds'> {
  const peaks = children.map((child) => child.peakMb()).filter((peak) => peak !== undefined);
  const cpu = children.map((child) => child.cpuSeconds()).filter((seconds) => seconds !== undefined);
  return {
    peakMb: peaks.length > 0 ? Math.max(...peaks) : undefined,
    cpuSeconds: cpu.length > 0 ? cpu.reduce((sum, seconds) => sum + seconds, 0) : undefined,
  };
}
