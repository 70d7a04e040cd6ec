import type { Legs } from './expectedReward';

/** Some events of one kind: how many, their sum, and the positions of the first and the last. */
export interface Run {
  count: number;
  amount: bigint;
  first: bigint;
  last: bigint;
}

export interface Placed {
  pos: bigint;
}

/** Sums by funding source. */
export interface Funded {
  fee: bigint;
  emission: bigint;
  grant: bigint;
  slash: bigint;
  unknown: bigint;
}

/**
 * All that the chain says of one reward. What is in force is so at the end of the reward's block; `later` is what came
 * after that block, and of refunds, reversals and claims what came after it.
 */
export interface RewardRecord {
  chainId: number;
  pos: bigint;
  /** The first position after the reward's block. */
  end: bigint;
  role: string;
  amount: bigint;
  epoch: string;
  beneficiary: Buffer;
  ref: Buffer;
  contributionId: string;
  poolId: Buffer;
  pool: (Placed & { kind: string; token: Buffer }) | null;
  /** By source, before the reward. */
  funded: Funded;
  fundings: Run | null;
  /** Those of them that name the reward's inference. */
  fundingsOfRef: Run | null;
  /** The parts of the reward by source, without those of zero. */
  backing: readonly { source: string; amount: bigint }[];
  /** How far the chain's fee splits fall short of what its pools declare as FEE of the pool's leg: 0 where they don't. */
  shortfall: bigint;
  /** The pool's fundings by FEE before the reward. */
  feeFundings: Run | null;
  /** Whenever it was settled. */
  inference: (Placed & { modelId: string; user: Buffer; feeToken: Buffer; fee: bigint }) | null;
  /** Whenever it was submitted. */
  contribution: Placed | null;
  refunds: Run | null;
  split: (Placed & Legs) | null;
  parameters: (Placed & { bps: Legs }) | null;
  committed: (Placed & { method: string; leafCount: bigint }) | null;
  revision: Placed | null;
  influence: (Placed & { weightPpm: bigint }) | null;
  later: {
    refunds: Run | null;
    splits: Run | null;
    split: (Placed & Legs) | null;
    revisions: Run | null;
    /** Of the same pair, recorded after the reward's block. */
    influences: Run | null;
    /** The weight of the pair now; null where none is current. */
    weightPpm: bigint | null;
    reversals: Run | null;
    claims: Run | null;
  };
}
