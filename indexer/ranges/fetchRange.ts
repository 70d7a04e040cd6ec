import { AppError } from '../../schema/appError';
import { type ChainSource, RefusedRequest } from '../rpc/chainSource';
import { type PlacedLog, withoutBlockHash } from '../rpc/wire';
import type { BlockRange } from '../store/blockRange';
import { firstOutsideBloom } from '../verify/bloom';
import { bareHeader, type SealedHeader } from '../verify/sealedHeader';

/** Headers asked for in one batch. */
const HEADER_BATCH = 100;

/**
 * Fetches a piece of history that begins at fromBlock and ends at toBlock or before, wherever one answer of the endpoint
 * is a good size: the logs, and the headers of the blocks that hold them and of both ends.
 * @returns where the piece ends is its toBlock
 * @throws AppError RETRY when the answers don't fit together
 */
export async function fetchRange(
  source: ChainSource,
  addresses: readonly string[],
  fromBlock: number,
  toBlock: number,
): Promise<BlockRange> {
  const asked = source.inUse;
  const { last, logs } = await fetchLogs(source, addresses, fromBlock, toBlock);
  const end = last.number;
  const numbers = [...new Set([fromBlock, ...logs.map(({ blockNumber }) => blockNumber)])].filter((n) => n < end);
  const headers = [...(await fetchHeaders(source, numbers)), last];
  const hashes = new Map(headers.map(({ number, hash }) => [number, hash]));
  for (const { blockNumber, blockHash } of logs) {
    if (hashes.get(blockNumber) === blockHash) continue;
    source.turnFrom(asked);
    throw new AppError(
      'RETRY',
      `a log of block ${blockNumber} is of ${blockHash}, its header ${hashes.get(blockNumber)}`,
    );
  }
  const madeUp = outsideBlooms(headers, logs);
  if (madeUp) {
    source.turnFrom(asked);
    throw new AppError(
      'RETRY',
      `log ${madeUp.logIndex} of block ${madeUp.blockNumber} ${madeUp.blockHash} is ruled out by its bloom`,
    );
  }
  const withLogs = new Set(logs.map(({ blockNumber }) => blockNumber));
  return {
    fromBlock,
    toBlock: end,
    parentHash: (headers[0] as SealedHeader).parentHash,
    last: bareHeader(last),
    headers: headers.filter(({ number }) => withLogs.has(number) || number === end).map(bareHeader),
    logs: logs.map(withoutBlockHash),
    verified: 'none',
  };
}

/**
 * A log that can't be in its block. Of its topics the signature alone is looked at: a keccak for each of the others would
 * cost more than all the rest of a range, and the audit does it later.
 */
function outsideBlooms(headers: readonly SealedHeader[], logs: readonly PlacedLog[]): PlacedLog | undefined {
  // Both in chain order.
  let from = 0;
  for (const { number, standing, logsBloom } of headers) {
    let to = from;
    while (logs[to]?.blockNumber === number) to++;
    const outside = standing === 'proven' && firstOutsideBloom(logsBloom, logs.slice(from, to), 'signature');
    if (outside) return outside;
    from = to;
  }
  return undefined;
}

interface Piece {
  /** The header of the piece's end. */
  last: SealedHeader;
  logs: PlacedLog[];
}

/** As many blocks as the endpoint is known to answer well; fewer when it refuses those. */
async function fetchLogs(
  source: ChainSource,
  addresses: readonly string[],
  fromBlock: number,
  toBlock: number,
): Promise<Piece> {
  let blocks = Math.min(toBlock - fromBlock + 1, source.rangeBlocks);
  for (;;) {
    const end = fromBlock + blocks - 1;
    try {
      const piece = await source.logsOfRange(fromBlock, end, addresses);
      return isSuspicious(piece.logs.length)
        ? await withoutTruncation(source, addresses, fromBlock, end, piece)
        : piece;
    } catch (error) {
      // Providers limit blocks, logs and bytes, and say so in many ways: less is the answer to all of them.
      if (!(error instanceof RefusedRequest)) throw error;
      if (blocks === 1) {
        const [header] = await fetchHeaders(source, [fromBlock]);
        return ofReceipts(source, addresses, header as SealedHeader);
      }
      // What it allows may be more than half; whatever it says, less is asked for next.
      blocks = Math.max(1, Math.min(source.rangeBlocks, blocks - 1));
    }
  }
}

/** Limits of logs are round numbers in one system or the other. A count that is one by chance costs one more question. */
function isSuspicious(logs: number): boolean {
  return logs >= 100 && (logs % 100 === 0 || Number.isInteger(Math.log2(logs)));
}

/** Some nodes cut a long answer off without a word. Its halves, asked for alone, tell. */
async function withoutTruncation(
  source: ChainSource,
  addresses: readonly string[],
  fromBlock: number,
  toBlock: number,
  whole: Piece,
): Promise<Piece> {
  const { length } = whole.logs;
  if (fromBlock === toBlock) {
    const all = await ofReceipts(source, addresses, whole.last);
    if (all.logs.length > length) source.noteTruncation(1, length);
    return all.logs.length > length ? all : whole;
  }
  const middle = Math.floor((fromBlock + toBlock) / 2);
  const lower = await fetchLogs(source, addresses, fromBlock, middle);
  const upper = await fetchLogs(source, addresses, lower.last.number + 1, toBlock);
  const reached = upper.last.number === toBlock;
  if (reached && lower.logs.length + upper.logs.length === length) return whole;
  if (reached) source.noteTruncation(toBlock - fromBlock + 1, length);
  return { last: upper.last, logs: [...lower.logs, ...upper.logs] };
}

/** What no eth_getLogs can be had for, however few blocks it asks for. */
async function ofReceipts(source: ChainSource, addresses: readonly string[], last: SealedHeader): Promise<Piece> {
  const [proven] = await source.provenLogs([last], addresses);
  return { last, logs: proven?.logs ?? [] };
}

async function fetchHeaders(source: ChainSource, numbers: readonly number[]): Promise<SealedHeader[]> {
  const found: SealedHeader[] = [];
  for (let i = 0; i < numbers.length; i += HEADER_BATCH) {
    const wanted = numbers.slice(i, i + HEADER_BATCH);
    const headers = await source.headers(wanted);
    headers.forEach((header, n) => {
      if (!header) throw new AppError('RETRY', `the node has no block ${wanted[n]} of a range that it gave logs for`);
      found.push(header);
    });
  }
  return found;
}
