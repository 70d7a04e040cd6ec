import { AppError } from '../../schema/appError';
import type { RawLog } from '../../schema/contractSet';
import type { Header } from '../store/blockRange';

const HASH = /^0x[0-9a-f]{64}$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const BYTES = /^0x(?:[0-9a-f]{2})*$/;
const QUANTITY = /^0x[0-9a-f]{1,13}$/i;

export interface PlacedLog extends RawLog {
  blockHash: string;
}

/** A block header as a node sends it; undefined for a block that it doesn't have. */
export function parseHeader(json: unknown): Header | undefined {
  if (json === null || json === undefined) return undefined;
  const block = json as Record<string, unknown>;
  return {
    number: quantity(block['number'], 'block number'),
    hash: hex(block['hash'], HASH, 'block hash'),
    parentHash: hex(block['parentHash'], HASH, 'parentHash'),
    timestamp: quantity(block['timestamp'], 'block timestamp'),
  };
}

/** A list of logs in chain order, each once; pending and removed ones are no logs of the chain. */
export function parseLogs(json: unknown): PlacedLog[] {
  if (!Array.isArray(json)) throw malformed('a list of logs', json);
  const logs = json.filter((log) => log?.removed !== true).map(parseLog);
  logs.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  return logs.filter((log, i) => {
    const before = logs[i - 1];
    return before?.blockNumber !== log.blockNumber || before.logIndex !== log.logIndex;
  });
}

function parseLog(json: unknown): PlacedLog {
  const log = json as Record<string, unknown>;
  const topics = log['topics'];
  if (!Array.isArray(topics) || topics.length > 4) throw malformed('a list of at most four topics', topics);
  return {
    blockNumber: quantity(log['blockNumber'], 'block number of a log'),
    blockHash: hex(log['blockHash'], HASH, 'block hash of a log'),
    logIndex: quantity(log['logIndex'], 'log index'),
    transactionHash: hex(log['transactionHash'], HASH, 'transaction hash'),
    address: hex(log['address'], ADDRESS, 'address of a log'),
    topics: topics.map((topic) => hex(topic, HASH, 'topic')),
    data: hex(log['data'], BYTES, 'data of a log'),
  };
}

export function quantity(value: unknown, what: string): number {
  if (typeof value !== 'string' || !QUANTITY.test(value)) throw malformed(what, value);
  return Number.parseInt(value, 16);
}

function hex(value: unknown, shape: RegExp, what: string): string {
  const lower = typeof value === 'string' ? value.toLowerCase() : '';
  if (!shape.test(lower)) throw malformed(what, value);
  return lower;
}

function malformed(what: string, value: unknown): AppError {
  return new AppError('RETRY', `the node sent ${JSON.stringify(value)?.slice(0, 80)} where ${what} belongs`);
}
