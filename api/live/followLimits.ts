export interface FollowLimits {
  /** PROGRESS at least this often. */
  progressMs: number;
  /** A client that was live, takes nothing for so long, and is so many positions behind, is a slow one. */
  slowMs: number;
  slowPositions: bigint;
  /** A cursor that is ahead of the log is waited for so long. */
  aheadMs: number;
}

export const defaultLimits: FollowLimits = { progressMs: 8000, slowMs: 5000, slowPositions: 1000n, aheadMs: 5000 };
