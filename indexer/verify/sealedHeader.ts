import { AppError } from '../../schema/appError';
import type { Header } from '../store/blockRange';
import { judgeHeader } from './headerHash';

/** A header with what its hash seals: which logs may be in its block, and which receipts are. */
export interface SealedHeader extends Header {
  /** proven: the hash is that of the fields. unverifiable: it can't be told, and nothing that follows is a proof. */
  standing: 'proven' | 'unverifiable';
  /** 0x hex as the node sent it; may be empty where the standing is not proven. */
  logsBloom: string;
  receiptsRoot: string;
  /** Hashes, as the node listed them; undefined where it didn't. */
  transactions?: string[];
}

/**
 * @param block as eth_getBlockByNumber answers it
 * @throws AppError RETRY when its hash is not that of its fields: one of them is made up
 */
export function sealedHeader(header: Header, block: Readonly<Record<string, unknown>>): SealedHeader {
  const standing = judgeHeader(block);
  // Tools make genesis blocks, some with a hash of their own; they hold no logs, and which it is is known by its hash.
  if (standing === 'wrong' && header.number > 0) {
    throw new AppError('RETRY', `block ${header.number} ${header.hash} is not what its hash says: a field is made up`);
  }
  const { logsBloom, receiptsRoot, transactions } = block;
  return {
    ...header,
    standing: standing === 'proven' ? 'proven' : 'unverifiable',
    logsBloom: String(logsBloom).toLowerCase(),
    receiptsRoot: String(receiptsRoot).toLowerCase(),
    ...(isListOfHashes(transactions) ? { transactions: transactions.map((hash) => hash.toLowerCase()) } : {}),
  };
}

function isListOfHashes(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((hash) => typeof hash === 'string');
}

/** Without what only checks need. */
export function bareHeader({ number, hash, parentHash, timestamp }: Header): Header {
  return { number, hash, parentHash, timestamp };
}
