import { AppError } from '../../schema/appError';
import { type ChainSource, RefusedRequest } from '../rpc/chainSource';
import { type BlockRange, type Verified, weakest } from '../store/blockRange';
import { LogPack } from '../store/logPack';
import { mayHoldLogsOf } from '../verify/bloom';
import type { SealedHeader } from '../verify/sealedHeader';

/**
 * Blocks near the head, as far as the node has them and they are linked by parent hash. A block whose header proves that
 * it holds no logs of ours is done with that; of the others the logs are taken from their receipts, which the header
 * seals (see LogProver). Undefined when there is not even the first.
 * @param tip the newest block, if its header is known already: a request less for what is waited for most
 * @param provesLater a block that is alone comes before its receipts are proven: the range says how (BlockRange.proof)
 * @throws AppError RETRY when what the node says doesn't fit together
 */
export async function fetchBlocks(
  source: ChainSource,
  addresses: readonly string[],
  fromBlock: number,
  toBlock: number,
  { tip, provesLater = false }: { tip?: SealedHeader; provesLater?: boolean } = {},
): Promise<BlockRange | undefined> {
  try {
    const headers = linked(await headersOf(source, fromBlock, toBlock, tip));
    const first = headers[0];
    const last = headers.at(-1);
    if (!first || !last) return undefined;
    const open = headers.filter(
      ({ standing, logsBloom }) => standing !== 'proven' || mayHoldLogsOf(logsBloom, addresses).length > 0,
    );
    const alone = open.length === 1 ? open[0] : undefined;
    const toProve = provesLater && alone ? await source.logsToProve(alone, addresses) : undefined;
    const proven = toProve
      ? [{ logs: toProve.logs, verified: 'receipts' as const }]
      : await source.provenLogs(open, addresses);
    return {
      fromBlock,
      toBlock: last.number,
      parentHash: first.parentHash,
      last,
      headers,
      logs: LogPack.of(proven.flatMap(({ logs }) => logs)),
      verified: proven.reduce<Verified>((least, { verified }) => weakest(least, verified), 'receipts'),
      proof: toProve?.proof,
    };
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    // A block that a reorg just removed, or a limit: the next look at the chain tells.
    throw new AppError('RETRY', `blocks ${fromBlock}..${toBlock} can't be had: ${error.message}`, { cause: error });
  }
}

async function headersOf(
  source: ChainSource,
  fromBlock: number,
  toBlock: number,
  tip: SealedHeader | undefined,
): Promise<(SealedHeader | undefined)[]> {
  const known = tip?.number === toBlock ? [tip] : [];
  const numbers = Array.from({ length: toBlock - fromBlock + 1 - known.length }, (_, i) => fromBlock + i);
  return [...(numbers.length > 0 ? await source.headers(numbers) : []), ...known];
}

/** The beginning of the list in which each block is the parent of the next. */
function linked(headers: readonly (SealedHeader | undefined)[]): SealedHeader[] {
  const found: SealedHeader[] = [];
  for (const header of headers) {
    const before = found.at(-1);
    if (!header || (before && header.parentHash !== before.hash)) break;
    found.push(header);
  }
  return found;
}
