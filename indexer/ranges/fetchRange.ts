import { AppError } from '../../schema/appError';
import { ADDRESS_BYTES, hexAt, WORD_BYTES } from '../../schema/logBytes';
import { type ChainSource, RefusedRequest } from '../rpc/chainSource';
import type { PackedLogs } from '../rpc/logText';
import { packed } from '../rpc/wire';
import type { BlockRange } from '../store/blockRange';
import { LogPack } from '../store/logPack';
import { type BloomedLog, firstOutsideBloom } from '../verify/bloom';
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
  const { last, logs, blockHashes } = await fetchLogs(source, addresses, fromBlock, toBlock);
  const end = last.number;
  const numbers = [...new Set([fromBlock, ...blockHashes.keys()])].filter((n) => n < end);
  const headers = [...(await fetchHeaders(source, numbers)), last];
  const byNumber = new Map(headers.map((header) => [header.number, header]));
  for (const [number, hash] of blockHashes) {
    const header = byNumber.get(number);
    if (header?.hash === hash) continue;
    source.turnFrom(asked);
    throw new AppError('RETRY', `a log of block ${number} is of ${hash}, its header ${header?.hash}`);
  }
  const madeUp = outsideBlooms(byNumber, logs);
  if (madeUp) {
    source.turnFrom(asked);
    throw new AppError('RETRY', `a log of block ${madeUp.number} ${madeUp.hash} is ruled out by its bloom`);
  }
  return {
    fromBlock,
    toBlock: end,
    parentHash: (headers[0] as SealedHeader).parentHash,
    last: bareHeader(last),
    headers: headers.filter(({ number }) => blockHashes.has(number) || number === end).map(bareHeader),
    logs,
    verified: 'none',
  };
}

/**
 * The first block with a log that can't be in it. Of its topics the signature alone is looked at: a keccak for each of the
 * others would cost more than all the rest of a range, and the audit does it later.
 */
function outsideBlooms(headers: ReadonlyMap<number, SealedHeader>, logs: LogPack): SealedHeader | undefined {
  for (const [number, shapes] of shapesByBlock(logs)) {
    const header = headers.get(number);
    if (header?.standing === 'proven' && firstOutsideBloom(header.logsBloom, [...shapes], 'signature')) return header;
  }
  return undefined;
}

/** The addresses and signatures of each block's logs, every pair once: few, however many logs there are. */
function shapesByBlock(logs: LogPack): Map<number, Set<BloomedLog>> {
  // A pack has each address and each signature in one place.
  const known = new Map<number, BloomedLog>();
  const byBlock = new Map<number, Set<BloomedLog>>();
  let block = -1;
  let shapes = new Set<BloomedLog>();
  for (const { blockNumber, bytes, addressAt, topicCount, topic0At } of logs) {
    const key = addressAt * 2 ** 26 + topic0At;
    let shape = known.get(key);
    if (!shape) {
      const topics = topicCount > 0 ? [hexAt(bytes, topic0At, WORD_BYTES)] : [];
      shape = { address: hexAt(bytes, addressAt, ADDRESS_BYTES), topics };
      known.set(key, shape);
    }
    if (blockNumber !== block) {
      block = blockNumber;
      shapes = new Set();
      byBlock.set(block, shapes);
    }
    shapes.add(shape);
  }
  return byBlock;
}

interface Piece extends PackedLogs {
  /** The header of the piece's end. */
  last: SealedHeader;
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
  const logs = LogPack.of([...lower.logs.rawLogs(), ...upper.logs.rawLogs()]);
  return { last: upper.last, logs, blockHashes: new Map([...lower.blockHashes, ...upper.blockHashes]) };
}

/** What no eth_getLogs can be had for, however few blocks it asks for. */
async function ofReceipts(source: ChainSource, addresses: readonly string[], last: SealedHeader): Promise<Piece> {
  const [proven] = await source.provenLogs([last], addresses);
  return { last, ...packed(proven?.logs ?? []) };
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
