import { LOGS_PER_BLOCK } from '../../schema/position';
import { HEX_DIGITS, isSameText } from '../store/hex';
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
/** Of a log, that are looked for where they were. */
const MOST_MEMBERS = 16;
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
 * @param from where the list begins; behind it where it was read
 */
export function packLogText(from: JsonBytes, addresses: readonly string[]): PackedLogs | undefined {
  try {
    const { view } = from;
    const pack = new LogPackWriter();
    const blockHashes = new Map<number, string>();
    const members: Member[] = [];
    let before: Place | undefined;
    from.take('[');
    for (let more = !from.isEmpty(']'); more; more = from.another(']')) {
      const log = readLog(from, members);
      const { blockNumber, logIndex } = log;
      const sameBlock = before?.blockNumber === blockNumber;
      if (before && (blockNumber < before.blockNumber || (sameBlock && logIndex <= before.logIndex))) return undefined;
      if (!sameBlock) blockHashes.set(blockNumber, hashAt(from.bytes, log.blockHashAt));
      else if (!isSameText(view, log.blockHashAt, (before as Place).blockHashAt, HASH_CHARS)) return undefined;
      const { transactionAt } = log;
      pack.addText(
        view,
        log,
        before !== undefined && isSameText(view, transactionAt, before.transactionAt, HASH_CHARS),
      );
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

/** A key as it stands in the text, with its quotes and colon. */
interface Member {
  text: Buffer;
  /** Of `keys`; -1 for others. */
  which: number;
}

/** @param members of the log before: a node writes all its logs alike, so each is looked for where it was */
function readLog(from: JsonBytes, members: Member[]): Place {
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
  let n = 0;
  from.take('{');
  do {
    const which = readKey(from, members, n++);
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

function readKey(from: JsonBytes, members: Member[], n: number): number {
  const expected = members[n];
  if (expected && from.isNext(expected.text)) return expected.which;
  from.peek();
  const start = from.at;
  const key = from.key();
  const which = keyBytes.findIndex((name) => from.isKey(key, name));
  if (n < MOST_MEMBERS) members[n] = { text: from.bytes.subarray(start, from.at), which };
  return which;
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
  const start = hexBegin(from);
  const end = chars === undefined ? bytes.indexOf(0x22, start) : start + chars;
  if (end < 0 || bytes[end] !== 0x22) throw new UnknownShape('hex of another length');
  from.at = end + 1;
  return start;
}

function hexBegin(from: JsonBytes): number {
  const { bytes } = from;
  from.take('"');
  const start = from.at + 2;
  if (bytes[from.at] !== 0x30 || bytes[from.at + 1] !== 0x78) throw new UnknownShape('no 0x');
  return start;
}

/** As `quantity` of wire.ts: up to 13 digits. */
function quantity(from: JsonBytes): number {
  const { bytes } = from;
  const start = hexBegin(from);
  let value = 0;
  let at = start;
  for (let code = bytes[at]; code !== 0x22; code = bytes[++at]) {
    const digit = HEX_DIGITS[code as number] ?? 16;
    if (digit > 15) throw new UnknownShape('a number in other digits');
    value = value * 16 + digit;
  }
  if (at === start || at - start > 13) throw new UnknownShape('a number of another length');
  from.at = at + 1;
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
