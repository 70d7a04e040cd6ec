import type { RawLog } from '../../schema/contractSet';

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
  logs: RawLog[];
}

/** What the node says of its end; safe and finalized where it has them. */
export interface Tip {
  head: Header;
  safe?: Header;
  finalized?: Header;
}
