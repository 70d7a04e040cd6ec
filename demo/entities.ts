import type { ContractName } from '../contracts/artifacts';

/** An event of one of our contracts, its arguments by name. */
export interface ChainEvent {
  contract: ContractName;
  name: string;
  args: unknown;
  block: number;
  /** Seconds. */
  at: number;
}

export interface Datanet {
  id: bigint;
  owner: string;
  active: boolean;
  foundedAt: number;
  curators: Map<string, bigint>;
  latestVersion: bigint;
  versionAt: number;
  /** Accepted ones, and how many of them the latest version has. */
  accepted: Contribution[];
  published: number;
}

export interface Contribution {
  id: bigint;
  datanetId: bigint;
  contributor: string;
  contentHash: string;
  submittedAt: number;
  /** The latest round of scoring; 0: not scored. */
  round: number;
  /** 0 pending, 1 accepted, 2 rejected, 3 slashed. */
  status: number;
  datanetVersion: bigint;
  finalizedAt: number;
  isDisputed: boolean;
  bond: bigint;
}

export interface Model {
  id: bigint;
  builder: string;
  registeredAt: number;
  latestVersion: number;
  /** Inputs of the latest training run, and when it was recorded. */
  inputs: { datanetId: bigint; version: bigint; weightPpm: bigint }[];
  trainedAt: number;
  /** By token. */
  prices: Map<string, { per1kIn: bigint; per1kOut: bigint; platformFee: bigint }>;
  adapterIds: bigint[];
}

export interface Inference {
  id: string;
  modelId: bigint;
  user: string;
  token: string;
  fee: bigint;
  settledAt: number;
  isSplit: boolean;
  refunded: bigint;
  attributedAt: number;
  influences: { datanetId: bigint; contributionId: bigint; influence: bigint; weightPpm: bigint }[];
  isRated: boolean;
  isRevised: boolean;
}

export interface Pool {
  id: string;
  kind: number;
  subjectId: bigint;
  token: string;
  available: bigint;
  /** Ever funded, by source code. */
  funded: Map<number, bigint>;
  /** When an epoch was last settled; before the first time, when the pool was opened. */
  settledAt: number;
}

export interface Proposal {
  id: bigint;
  targets: string[];
  calldatas: string[];
  description: string;
  voteStart: number;
  voteEnd: number;
  eta: number;
  voters: Set<string>;
  /** Votes by support: 0 against, 1 for, 2 abstain. */
  tally: [bigint, bigint, bigint];
  isDone: boolean;
}

export interface Dispute {
  id: bigint;
  contributionId: bigint;
  openedAt: number;
  isResolved: boolean;
}
