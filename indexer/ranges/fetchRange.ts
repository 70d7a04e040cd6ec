import { AppError } from '../../schema/appError';
import { type ChainSource, RefusedRequest } from '../rpc/chainSource';
import type { PlacedLog } from '../rpc/wire';
import type { BlockRange, Header } from '../store/blockRange';

/** Headers asked for in one batch. */
const HEADER_BATCH = 100;

/**
 * Fetches a range of history: the logs, cut in half as often as the node refuses them, and the headers of the blocks
 * that hold them and of both ends.
 * @throws AppError RETRY when the answers don't fit together
 */
export async function fetchRange(
  source: ChainSource,
  addresses: readonly string[],
  fromBlock: number,
  toBlock: number,
): Promise<BlockRange> {
  const { last, logs } = await fetchLogs(source, addresses, fromBlock, toBlock);
  const numbers = [...new Set([fromBlock, ...logs.map(({ blockNumber }) => blockNumber)])].filter((n) => n < toBlock);
  const headers = [...(await fetchHeaders(source, numbers)), last];
  const hashes = new Map(headers.map(({ number, hash }) => [number, hash]));
  for (const { blockNumber, blockHash } of logs) {
    if (hashes.get(blockNumber) !== blockHash) {
      throw new AppError(
        'RETRY',
        `a log of block ${blockNumber} is of ${blockHash}, its header ${hashes.get(blockNumber)}`,
      );
    }
  }
  const withLogs = new Set(logs.map(({ blockNumber }) => blockNumber));
  return {
    fromBlock,
    toBlock,
    parentHash: (headers[0] as Header).parentHash,
    last,
    headers: headers.filter(({ number }) => withLogs.has(number) || number === toBlock),
    logs: logs.map(withoutBlockHash),
  };
}

async function fetchLogs(
  source: ChainSource,
  addresses: readonly string[],
  fromBlock: number,
  toBlock: number,
): Promise<{ last: Header; logs: PlacedLog[] }> {
  try {
    const answer = await source.logsOfRange(fromBlock, toBlock, addresses);
    const outside = answer.logs.find(({ blockNumber }) => blockNumber < fromBlock || blockNumber > toBlock);
    if (outside) {
      throw new AppError('RETRY', `a log of block ${outside.blockNumber} came for ${fromBlock}..${toBlock}`);
    }
    return answer;
  } catch (error) {
    // Providers limit blocks, logs and bytes, and say so in many ways: less is the answer to all of them.
    if (!(error instanceof RefusedRequest)) throw error;
    if (fromBlock === toBlock) {
      throw new AppError('RETRY', `the logs of block ${fromBlock} can't be had: ${error.message}`, {
        cause: error,
      });
    }
    const middle = Math.floor((fromBlock + toBlock) / 2);
    const lower = await fetchLogs(source, addresses, fromBlock, middle);
    const upper = await fetchLogs(source, addresses, middle + 1, toBlock);
    return { last: upper.last, logs: [...lower.logs, ...upper.logs] };
  }
}

async function fetchHeaders(source: ChainSource, numbers: readonly number[]): Promise<Header[]> {
  const found: Header[] = [];
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

/** The headers carry the hash; a log needs no copy of it. */
export function withoutBlockHash({ blockHash: _, ...log }: PlacedLog) {
  return log;
}
