import { AppError } from '../../schema/appError';
import { type ChainSource, RefusedRequest } from '../rpc/chainSource';
import type { PlacedLog } from '../rpc/wire';
import type { BlockRange, Header } from '../store/blockRange';

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
  const { last, logs } = await fetchLogs(source, addresses, fromBlock, toBlock);
  const end = last.number;
  const numbers = [...new Set([fromBlock, ...logs.map(({ blockNumber }) => blockNumber)])].filter((n) => n < end);
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
    toBlock: end,
    parentHash: (headers[0] as Header).parentHash,
    last,
    headers: headers.filter(({ number }) => withLogs.has(number) || number === end),
    logs: logs.map(withoutBlockHash),
  };
}

/** As many blocks as the endpoint is known to answer well; fewer when it refuses those. */
async function fetchLogs(
  source: ChainSource,
  addresses: readonly string[],
  fromBlock: number,
  toBlock: number,
): Promise<{ last: Header; logs: PlacedLog[] }> {
  let blocks = Math.min(toBlock - fromBlock + 1, source.rangeBlocks);
  for (;;) {
    const end = fromBlock + blocks - 1;
    try {
      const answer = await source.logsOfRange(fromBlock, end, addresses);
      const outside = answer.logs.find(({ blockNumber }) => blockNumber < fromBlock || blockNumber > end);
      if (outside) {
        throw new AppError('RETRY', `a log of block ${outside.blockNumber} came for ${fromBlock}..${end}`);
      }
      return answer;
    } catch (error) {
      // Providers limit blocks, logs and bytes, and say so in many ways: less is the answer to all of them.
      if (!(error instanceof RefusedRequest)) throw error;
      if (blocks === 1) {
        throw new AppError('RETRY', `the logs of block ${fromBlock} can't be had: ${error.message}`, {
          cause: error,
        });
      }
      // What it allows may be more than half; whatever it says, less is asked for next.
      blocks = Math.max(1, Math.min(source.rangeBlocks, blocks - 1));
    }
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
