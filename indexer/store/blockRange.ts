import type { VerifyConfig } from '../../schema/networkFile';
import type { LogPack } from './logPack';

/** A block as far as we keep it. timestamp in seconds; hashes 0x-prefixed lower-case hex. */
export interface Header {
  number: number;
  hash: string;
  parentHash: string;
  timestamp: number;
}

/** An unbroken run of blocks and every log of ours in it: what a fetcher gives and the applier takes. */
export interface BlockRange {
  fromBlock: number;
  toBlock: number;
  /** Of fromBlock. */
  parentHash: string;
  last: Header;
  /** At least the headers of the blocks that hold logs; near the head, of every block. Ascending. */
  headers: Header[];
  /** In chain order. */
  logs: LogPack;
  verified: Verified;
  /** Says whether the logs are what `verified` says, where that is still to be proven: before they are committed. */
  proof?: () => Promise<boolean>;
}

/**
 * How far it is proven that the logs of a range are all of ours, and true.
 * - receipts: each header's hash is that of its fields, and its bloom rules logs of ours out, or its receiptsRoot is that
 *   of the receipts they were taken from;
 * - bloom: the same, but logs are only checked against the bloom: one that the node left out may be missing;
 * - none: not all headers were looked at yet, or one can't be verified.
 */
export type Verified = keyof typeof verifiedLevels;

/** As segment.verified holds them: a greater one is the stronger. */
export const verifiedLevels = { none: 0, bloom: 1, receipts: 2 } as const;

/** What a chain's configuration asks for before a block counts as verified. */
export function levelWanted({ history }: VerifyConfig): Verified {
  return history === 'receipts' ? 'receipts' : 'bloom';
}

export function weakest(a: Verified, b: Verified): Verified {
  return verifiedLevels[a] < verifiedLevels[b] ? a : b;
}

/** What the node says of its end; safe and finalized where it has them. */
export interface Tip {
  head: Header;
  safe?: Header;
  finalized?: Header;
}
