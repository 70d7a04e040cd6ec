import { LOGS_PER_BLOCK } from '../../schema/position';
import { HEX_DIGITS } from '../store/hex';
import { LogPack } from '../store/logPack';
import { LogPackWriter, type LogText } from '../store/logPackWriter';
import { JsonBytes, UnknownShape } from './jsonBytes';

/** Logs of a range, with the hash that they say of each block they are of. */
export interface PackedLogs {
  logs: LogPack;
  blockHashes: Map<number, string>;
}

const HASH_CHARS = 64;
const ADDRESS_CHARS = 40;
const MOST_TOPICS = 4;
const MOST_INDEX = Number(LOGS_PER_BLOCK) - 1;
const HASH = /^[0-9a-f]{64}$/;
const keys = [
  'address',
  'topics',
  'data',
  'blockNumber',
  'blockHash',
  'transactionHash',
  'logIndex',
  'removed',
] as const;
const keyBytes = keys.map((key) => Buffer.from(key));
const ALL = 0b1111111;

/**
 * Packs a list of logs as nearly every node sends it: in chain order, each once, hex in lower case, none of another
 * address, none that was removed. Undefined for any other: parseLogs says what it is.
 * @param json the list alone
 */
export function packLogText(json: Buffer, addresses: readonly string[]): PackedLogs | undefined {
  try {
    const pack = new LogPackWriter();
    const blockHashes = new Map<number, string>();
    const from = new JsonBytes(json);
    let before: Place | undefined;
    from.take('[');
    for (let more = !from.isEmpty(']'); more; more = from.another(']')) {
      const log = readLog(from);
      const { blockNumber, logIndex } = log;
      const sameBlock = before?.blockNumber === blockNumber;
      if (before && (blockNumber < before.blockNumber || (sameBlock && logIndex <= before.logIndex))) return undefined;
      if (!sameBlock) blockHashes.set(blockNumber, hashAt(json, log.blockHashAt));
      else if (!isSame(json, log.blockHashAt, before?.blockHashAt as number)) return undefined;
      pack.addText(json, log, before !== undefined && isSame(json, log.transactionAt, before.transactionAt));
      before = log;
    }
    const ours = new Set(addresses);
    if (pack.addressesSeen().some((address) => !ours.has(address))) return undefined;
    return { logs: new LogPack(pack.bytes()), blockHashes };
  } catch (error) {
    // RangeError: what should be hex is not, or is in upper case.
    if (error instanceof UnknownShape || error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Place extends LogText {
  blockHashAt: number;
}

function readLog(from: JsonBytes): Place {
  const topicsAt: number[] = [];
  const log: Place = {
    blockNumber: 0,
    logIndex: 0,
    transactionAt: 0,
    addressAt: 0,
    topicCount: 0,
    topicsAt,
    dataAt: 0,
    dataBytes: 0,
    blockHashAt: 0,
  };
  let seen = 0;
  from.take('{');
  do {
    const key = from.key();
    const which = keyBytes.findIndex((name) => from.isKey(key, name));
    if (which < 0) {
      from.skip();
      continue;
    }
    seen |= 1 << which;
    switch (keys[which]) {
      case 'address':
        log.addressAt = hexText(from, ADDRESS_CHARS);
        break;
      case 'topics':
        log.topicCount = readTopics(from, topicsAt);
        break;
      case 'data':
        log.dataAt = hexText(from);
        log.dataBytes = (from.at - 1 - log.dataAt) / 2;
        if (!Number.isInteger(log.dataBytes)) throw new UnknownShape('data of half a byte');
        break;
      case 'blockNumber':
        log.blockNumber = quantity(from);
        break;
      case 'blockHash':
        log.blockHashAt = hexText(from, HASH_CHARS);
        break;
      case 'transactionHash':
        log.transactionAt = hexText(from, HASH_CHARS);
        break;
      case 'logIndex':
        log.logIndex = quantity(from);
        if (log.logIndex > MOST_INDEX) throw new UnknownShape('a log index that is too large');
        break;
      default:
        takeFalse(from);
    }
  } while (from.another('}'));
  if ((seen & ALL) !== ALL) throw new UnknownShape('a log without all of its parts');
  return log;
}

function readTopics(from: JsonBytes, topicsAt: number[]): number {
  let count = 0;
  from.take('[');
  for (let more = !from.isEmpty(']'); more; more = from.another(']')) {
    if (count === MOST_TOPICS) throw new UnknownShape('too many topics');
    topicsAt[count++] = hexText(from, HASH_CHARS);
  }
  return count;
}

/** Where the digits after 0x begin; they end before the quote at `from.at - 1`. */
function hexText(from: JsonBytes, chars?: number): number {
  const { bytes } = from;
  from.take('"');
  const start = from.at + 2;
  if (bytes[from.at] !== 0x30 || bytes[from.at + 1] !== 0x78) throw new UnknownShape('no 0x');
  const end = chars === undefined ? bytes.indexOf(0x22, start) : start + chars;
  if (end < 0 || bytes[end] !== 0x22) throw new UnknownShape('hex of another length');
  from.at = end + 1;
  return start;
}

/** As `quantity` of wire.ts: up to 13 digits. */
function quantity(from: JsonBytes): number {
  const start = hexText(from);
  const end = from.at - 1;
  if (end === start || end - start > 13) throw new UnknownShape('a number of another length');
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = HEX_DIGITS[from.bytes[at] as number] as number;
    if (digit > 15) throw new UnknownShape('a number in other digits');
    value = value * 16 + digit;
  }
  return value;
}

function takeFalse(from: JsonBytes): void {
  from.peek();
  for (const letter of 'false') {
    if (from.bytes[from.at++] !== letter.charCodeAt(0)) throw new UnknownShape('a log that was removed');
  }
}

function hashAt(json: Buffer, at: number): string {
  const hash = json.toString('latin1', at, at + HASH_CHARS);
  if (!HASH.test(hash)) throw new UnknownShape('a hash in other digits');
  return `0x${hash}`;
}

function isSame(json: Buffer, a: number, b: number): boolean {
  for (let i = 0; i < HASH_CHARS; i++) if (json[a + i] !== json[b + i]) return false;
  return true;
}
