import { AppError } from '../../schema/appError';
import { type PlacedLog, parseLogs, quantity } from '../rpc/wire';
import { receiptsRoot, receiptsRootInSteps } from './receiptsRoot';
import type { SealedHeader } from './sealedHeader';
import { finishInTurns } from './steps';

type Json = Record<string, unknown>;

/**
 * The logs of these addresses in a block, from all of its receipts, which must give the header's receiptsRoot. The root
 * speaks of what a log holds, not of where it lies: that is checked one by one, log indexes count from 0 in the block.
 * @param receipts as eth_getBlockReceipts answers them
 * @returns undefined where the root can't be told: a receipt of a type that we don't know, or a header that is
 *   unverifiable and has another root
 * @throws AppError RETRY when they are not the receipts of this block
 */
export function logsOfReceipts(
  header: SealedHeader,
  receipts: unknown,
  addresses: readonly string[],
): PlacedLog[] | undefined {
  const list = receiptsOf(header, receipts);
  const root = receiptsRoot(list);
  if (root === undefined) return undefined;
  if (root !== header.receiptsRoot) {
    if (header.standing !== 'proven') return undefined;
    throw notOf(header, `give the root ${root}, its header says ${header.receiptsRoot}`);
  }
  return logsIn(header, list, addresses);
}

/** Logs whose proof comes later. */
export interface LogsToProve {
  logs: PlacedLog[];
  /** Whether the receipts give the header's receiptsRoot. Others get their turns meanwhile; it is worked out once. */
  proof: () => Promise<boolean>;
}

/**
 * The same without the root, which takes longer than all the rest.
 * @throws AppError RETRY when they are not the receipts of this block, as far as that shows at once
 */
export function logsToProve(header: SealedHeader, receipts: unknown, addresses: readonly string[]): LogsToProve {
  const list = receiptsOf(header, receipts);
  const logs = logsOrReason(header, list, addresses);
  let proof: Promise<boolean> | undefined;
  return {
    logs,
    proof: () => {
      proof ??= finishInTurns(receiptsRootInSteps(list)).then((root) => root === header.receiptsRoot);
      return proof;
    },
  };
}

/** A wrong root says more than what is wrong besides. */
function logsOrReason(header: SealedHeader, receipts: readonly Json[], addresses: readonly string[]): PlacedLog[] {
  try {
    return logsIn(header, receipts, addresses);
  } catch (error) {
    logsOfReceipts(header, receipts, addresses);
    throw error;
  }
}

/** Each must lie where the block has it: the root doesn't speak of that. */
function logsIn(header: SealedHeader, receipts: readonly Json[], addresses: readonly string[]): PlacedLog[] {
  const logs = receipts.flatMap(({ logs: some, transactionHash }) =>
    (some as Json[]).map((log) => ({ log, transactionHash: lower(transactionHash) })),
  );
  for (const [index, { log, transactionHash }] of logs.entries()) {
    const isThere =
      log['removed'] !== true &&
      quantity(log['logIndex'], 'log index') === index &&
      lower(log['blockHash']) === header.hash &&
      lower(log['transactionHash']) === transactionHash &&
      quantity(log['blockNumber'], 'block number of a log') === header.number;
    if (!isThere) throw notOf(header, `hold a log ${index} that lies elsewhere`);
  }
  const ours = new Set(addresses);
  return parseLogs(
    logs.flatMap(({ log }) => (ours.has(lower(log['address'])) ? [log] : [])),
    addresses,
  );
}

function receiptsOf(header: SealedHeader, receipts: unknown): Json[] {
  if (!Array.isArray(receipts)) throw notOf(header, `are ${JSON.stringify(receipts)}`);
  if (receipts.some((receipt) => typeof receipt !== 'object' || receipt === null)) {
    throw notOf(header, 'have a gap among them');
  }
  const list = [...(receipts as Json[])].sort((a, b) => indexOf(a) - indexOf(b));
  const { transactions } = header;
  if (transactions && transactions.length !== list.length) {
    throw notOf(header, `are ${list.length} for ${transactions.length} transactions`);
  }
  for (const [index, receipt] of list.entries()) {
    if (lower(receipt['blockHash']) !== header.hash) throw notOf(header, `are of block ${receipt['blockHash']}`);
    const transaction = lower(receipt['transactionHash']);
    if (transactions && transactions[index] !== transaction) throw notOf(header, `name transaction ${transaction}`);
  }
  return list;
}

function indexOf(receipt: Json): number {
  return quantity(receipt['transactionIndex'], 'index of a transaction');
}

function notOf({ number, hash }: SealedHeader, what: string): AppError {
  return new AppError('RETRY', `the receipts of block ${number} ${hash} ${what}`);
}

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
