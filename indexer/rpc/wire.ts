import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../schema/appError';
import type { RawLog } from '../../schema/contractSet';
import { LOGS_PER_BLOCK } from '../../schema/position';
import { LogPack } from '../store/logPack';
import { type SealedHeader, sealedHeader } from '../verify/sealedHeader';
import type { PackedLogs } from './logText';

const HASH = /^0x[0-9a-f]{64}$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const BYTES = /^0x[0-9a-f]*$/;
const QUANTITY = /^0x[0-9a-f]{1,13}$/i;

export interface PlacedLog extends RawLog {
  blockHash: string;
}

/** The headers carry the hash; a log needs no copy of it. */
export function withoutBlockHash({ blockNumber, logIndex, transactionHash, address, topics, data }: PlacedLog): RawLog {
  return { blockNumber, logIndex, transactionHash, address, topics, data };
}

/**
 * A block header as a node sends it; undefined for a block that it doesn't have.
 * @throws AppError RETRY for one whose hash is not that of its fields
 */
export function parseHeader(json: unknown): SealedHeader | undefined {
  if (json === null || json === undefined) return undefined;
  const block = json as Record<string, unknown>;
  const header = {
    number: quantity(block['number'], 'block number'),
    hash: hex(block['hash'], HASH, 'block hash'),
    parentHash: hex(block['parentHash'], HASH, 'parentHash'),
    timestamp: quantity(block['timestamp'], 'block timestamp'),
  };
  return sealedHeader(header, block);
}

/**
 * A list of logs in chain order, each once. Removed ones and pending ones (without a block) are no logs of the chain, and
 * those of other addresses none that were asked for.
 */
export function parseLogs(json: unknown, addresses: readonly string[]): PlacedLog[] {
  if (!Array.isArray(json)) throw malformed('a list of logs', json);
  const ours = new Set(addresses);
  const logs = json
    .filter((log) => !isOffChain(log))
    .map(parseLog)
    .filter(({ address }) => ours.has(address));
  logs.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  return logs.filter((log, i) => {
    const before = logs[i - 1];
    if (before?.blockNumber !== log.blockNumber || before.logIndex !== log.logIndex) return true;
    if (isDeepStrictEqual(before, log)) return false;
    throw new AppError('RETRY', `the node sent two logs ${log.logIndex} of block ${log.blockNumber}`);
  });
}

/**
 * The same as a pack, with the hash that they say of each block.
 * @throws AppError RETRY also for a block of two hashes
 */
export function packLogs(json: unknown, addresses: readonly string[]): PackedLogs {
  return packed(parseLogs(json, addresses));
}

export function packed(logs: readonly PlacedLog[]): PackedLogs {
  const blockHashes = new Map<number, string>();
  for (const { blockNumber, blockHash } of logs) {
    const other = blockHashes.get(blockNumber) ?? blockHash;
    if (other !== blockHash) {
      throw new AppError('RETRY', `the node sent logs of block ${blockNumber} of ${other} and of ${blockHash}`);
    }
    blockHashes.set(blockNumber, blockHash);
  }
  return { logs: LogPack.of(logs), blockHashes };
}

function isOffChain(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) throw malformed('a log', json);
  const { removed, blockNumber, blockHash } = json as { removed?: unknown; blockNumber?: unknown; blockHash?: unknown };
  return removed === true || blockNumber === null || blockHash === null;
}

function parseLog(json: unknown): PlacedLog {
  const log = json as Record<string, unknown>;
  const topics = log['topics'];
  if (!Array.isArray(topics) || topics.length > 4) throw malformed('a list of at most four topics', topics);
  const logIndex = quantity(log['logIndex'], 'log index');
  if (BigInt(logIndex) >= LOGS_PER_BLOCK) throw malformed('a log index', log['logIndex']);
  return {
    blockNumber: quantity(log['blockNumber'], 'block number of a log'),
    blockHash: hex(log['blockHash'], HASH, 'block hash of a log'),
    logIndex,
    transactionHash: hex(log['transactionHash'], HASH, 'transaction hash'),
    address: hex(log['address'], ADDRESS, 'address of a log'),
    topics: topics.map((topic) => hex(topic, HASH, 'topic')),
    data: wholeBytes(log['data'], 'data of a log'),
  };
}

function wholeBytes(value: unknown, what: string): string {
  const bytes = hex(value, BYTES, what);
  if (bytes.length % 2 !== 0) throw malformed(what, value);
  return bytes;
}

export function quantity(value: unknown, what: string): number {
  if (typeof value !== 'string' || !QUANTITY.test(value)) throw malformed(what, value);
  return Number.parseInt(value, 16);
}

function hex(value: unknown, shape: RegExp, what: string): string {
  if (typeof value === 'string') {
    // As nearly every node sends it; a copy of each string would cost more than looking at it.
    if (shape.test(value)) return value;
    const lower = value.toLowerCase();
    if (shape.test(lower)) return lower;
  }
  throw malformed(what, value);
}

function malformed(what: string, value: unknown): AppError {
  return new AppError('RETRY', `the node sent ${JSON.stringify(value)?.slice(0, 80)} where ${what} belongs`);
}
