/**
 * A position is chain order inside one chain in a single integer: block number * 2^22 + log index. The same
 * formula stands in SQL as position_of and block_of (migrations/0001_chain.sql).
 */
export const LOGS_PER_BLOCK = 1n << 22n;

/** @throws RangeError for a log index that can't be real: 2^22 logs would cost a block 1.5 billion gas. */
export function positionOf(blockNumber: number, logIndex: number): bigint {
  if (!Number.isSafeInteger(logIndex) || logIndex < 0 || BigInt(logIndex) >= LOGS_PER_BLOCK) {
    throw new RangeError(`log index ${logIndex} is not in 0..${LOGS_PER_BLOCK - 1n}`);
  }
  return BigInt(blockNumber) * LOGS_PER_BLOCK + BigInt(logIndex);
}

/** The first position of a block; everything before it is earlier blocks'. */
export function firstPositionOf(blockNumber: number): bigint {
  return BigInt(blockNumber) * LOGS_PER_BLOCK;
}

export function blockOf(pos: bigint): number {
  return Number(pos / LOGS_PER_BLOCK);
}

export function logIndexOf(pos: bigint): number {
  return Number(pos % LOGS_PER_BLOCK);
}
