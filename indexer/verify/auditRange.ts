import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../schema/appError';
import type { RawLog } from '../../schema/contractSet';
import { type ChainSource, RefusedRequest } from '../rpc/chainSource';
import { withoutBlockHash } from '../rpc/wire';
import { type BlockRange, type Header, type Verified, weakest } from '../store/blockRange';
import { LogPack } from '../store/logPack';
import { firstOutsideBloom, mayHoldLogsOf } from './bloom';
import { bareHeader, type SealedHeader } from './sealedHeader';

export type AuditResult =
  /** What is stored is what the chain holds, proven as far as it says. */
  | { kind: 'proven'; verified: Verified }
  /** The chain holds other logs in these blocks; `range` is as it should be. */
  | { kind: 'wrong'; range: BlockRange; blocks: number[] }
  /** It can't be told, and why. */
  | { kind: 'unverifiable'; why: string };

export interface AuditOptions {
  source: ChainSource;
  addresses: readonly string[];
  /**
   * bloom: blocks are asked for again where the bloom has an address of ours without a log, or lacks a stored one.
   * receipts: every block whose bloom has an address of ours.
   */
  history: 'receipts' | 'bloom';
  /** Headers in one request. */
  batch: number;
}

/** The node says that a block below finality has another hash than the one that is stored. */
export class Contradiction extends AppError {
  constructor(
    readonly number: number,
    readonly ours: string,
    theirs: string,
  ) {
    super(
      'STOP',
      `block ${number} has the hash ${theirs}, and was indexed as ${ours}: the chain left ours below finality, or the ` +
        'endpoint is of another chain. The rows stay as they are. Check the endpoints; if the chain really changed, index ' +
        'it anew with an empty database',
    );
  }
}

/**
 * Holds a stored range against the headers of all its blocks: each hash is that of its fields, each block is the parent
 * of the next from the range's parent to its last hash, and each bloom fits the stored logs.
 * @throws Contradiction; AppError RETRY when the endpoints don't answer, or nothing that fits together
 */
export async function auditRange(range: BlockRange, options: AuditOptions): Promise<AuditResult> {
  const { source, addresses, history, batch } = options;
  const stored = logsByBlock(range.logs.rawLogs());
  const known = new Map(range.headers.map((header) => [header.number, header]));
  const headers: Header[] = [];
  const logs: RawLog[] = [];
  const wrong: number[] = [];
  let verified: Verified = 'receipts';
  let doubt: string | undefined;
  let parentHash = range.parentHash;
  for (let from = range.fromBlock; from <= range.toBlock; from += batch) {
    const numbers = Array.from({ length: Math.min(batch, range.toBlock - from + 1) }, (_, i) => from + i);
    const some = await headersAt(source, numbers);
    if ('why' in some) return { kind: 'unverifiable', why: some.why };
    for (const header of some.headers) {
      const ours = header.number === range.toBlock ? range.last.hash : known.get(header.number)?.hash;
      if (ours !== undefined && ours !== header.hash) throw new Contradiction(header.number, ours, header.hash);
      if (header.parentHash !== parentHash) throw notLinked(range, header, parentHash);
      parentHash = header.hash;
    }
    const doubtful = some.headers.filter((header) => {
      const own = stored.get(header.number) ?? [];
      if (own.length > 0 && history === 'bloom') verified = weakest(verified, 'bloom');
      return history === 'receipts'
        ? own.length > 0 || mayHoldLogsOf(header.logsBloom, addresses).length > 0
        : isDoubtful(header, own, addresses);
    });
    const proven = await source.provenLogs(doubtful, addresses);
    for (const [i, { logs: found, verified: level }] of proven.entries()) {
      const { number, logsBloom } = doubtful[i] as SealedHeader;
      verified = weakest(verified, level);
      const theirs = found.map(withoutBlockHash);
      const own = stored.get(number) ?? [];
      if (isDeepStrictEqual(theirs, own)) continue;
      if (level !== 'receipts' && lacksPossible(own, theirs, logsBloom)) {
        // What leaves logs out as easily as it says them may add to what is stored, never take away.
        doubt ??= `logs of block ${number} are stored that the endpoint doesn't say, and it has no receipts to prove it`;
        verified = 'none';
        continue;
      }
      wrong.push(number);
      stored.set(number, theirs);
    }
    for (const header of some.headers) {
      const own = stored.get(header.number) ?? [];
      if (own.length > 0 || header.number === range.toBlock) headers.push(bareHeader(header));
      logs.push(...own);
    }
  }
  if (wrong.length > 0) {
    return { kind: 'wrong', range: { ...range, headers, logs: LogPack.of(logs), verified }, blocks: wrong };
  }
  if (doubt !== undefined) return { kind: 'unverifiable', why: doubt };
  return { kind: 'proven', verified };
}

async function headersAt(
  source: ChainSource,
  numbers: readonly number[],
): Promise<{ headers: SealedHeader[] } | { why: string }> {
  let found: (SealedHeader | undefined)[];
  try {
    found = await source.headers(numbers);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    return { why: `the endpoint refuses blocks ${numbers[0]}..${numbers.at(-1)}: ${error.message}` };
  }
  const headers = found.filter((header) => header !== undefined);
  if (headers.length < found.length) {
    return { why: `the endpoint has no block ${numbers[found.indexOf(undefined)]} any more` };
  }
  const unproven = headers.find(({ standing }) => standing !== 'proven');
  if (unproven) return { why: `the hash of block ${unproven.number} can't be made from the fields that are known` };
  return { headers };
}

/** An address of ours in the bloom without a log, or a log that it rules out. */
function isDoubtful({ logsBloom }: SealedHeader, own: readonly RawLog[], addresses: readonly string[]): boolean {
  const explained = new Set(own.map(({ address }) => address));
  const isUnexplained = mayHoldLogsOf(logsBloom, addresses).some((address) => !explained.has(address));
  return isUnexplained || firstOutsideBloom(logsBloom, own) !== undefined;
}

/** Whether a stored log is missing among theirs that the block's bloom doesn't rule out. */
function lacksPossible(own: readonly RawLog[], theirs: readonly RawLog[], logsBloom: string): boolean {
  const missing = own.filter((log) => !theirs.some((one) => isDeepStrictEqual(one, log)));
  return missing.some((log) => firstOutsideBloom(logsBloom, [log]) === undefined);
}

function notLinked(range: BlockRange, header: SealedHeader, parentHash: string): AppError {
  if (header.number === range.fromBlock) return new Contradiction(header.number - 1, parentHash, header.parentHash);
  // Not ours to compare: two blocks of one node that don't follow each other are of two nodes behind one address.
  return new AppError('RETRY', `block ${header.number} ${header.hash} doesn't follow ${parentHash}`);
}

function logsByBlock(logs: readonly RawLog[]): Map<number, RawLog[]> {
  const byBlock = new Map<number, RawLog[]>();
  for (const log of logs) {
    const own = byBlock.get(log.blockNumber);
    if (own) own.push(log);
    else byBlock.set(log.blockNumber, [log]);
  }
  return byBlock;
}
