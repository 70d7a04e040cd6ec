import { AppError } from '../../schema/appError';
import { withoutBlockHash } from '../ranges/fetchRange';
import { type ChainSource, RefusedRequest } from '../rpc/chainSource';
import type { BlockRange, Header } from '../store/blockRange';

/**
 * Blocks near the head, as far as the node has them and they are linked by parent hash; logs are asked for by block
 * hash, so that a reorg between two calls can't mix forks. Undefined when there is not even the first.
 */
export async function fetchBlocks(
  source: ChainSource,
  addresses: readonly string[],
  fromBlock: number,
  toBlock: number,
): Promise<BlockRange | undefined> {
  const numbers = Array.from({ length: toBlock - fromBlock + 1 }, (_, i) => fromBlock + i);
  const headers = linked(await source.headers(numbers));
  const first = headers[0];
  const last = headers.at(-1);
  if (!first || !last) return undefined;
  try {
    const logs = await source.logsOfBlocks(
      headers.map(({ hash }) => hash),
      addresses,
    );
    return {
      fromBlock,
      toBlock: last.number,
      parentHash: first.parentHash,
      last,
      headers,
      logs: logs.flat().map(withoutBlockHash),
    };
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    // A block that a reorg just removed, or a limit: the next look at the chain tells.
    throw new AppError('RETRY', `the logs of ${fromBlock}..${last.number} can't be had: ${error.message}`, {
      cause: error,
    });
  }
}

/** The beginning of the list in which each block is the parent of the next. */
function linked(headers: readonly (Header | undefined)[]): Header[] {
  const found: Header[] = [];
  for (const header of headers) {
    const before = found.at(-1);
    if (!header || (before && header.parentHash !== before.hash)) break;
    found.push(header);
  }
  return found;
}
