import { keccak } from './keccak';

/** A log as far as a bloom speaks of it. */
export interface BloomedLog {
  address: string;
  topics: readonly string[];
}

/** Where a value stands in a bloom: byte and mask, three times. */
type Bits = readonly number[];

const BLOOM_BYTES = 256;
/** Addresses and event signatures come again and again, and a keccak costs microseconds. */
const KNOWN_BITS = 20_000;
const known = new Map<string, Bits>();

/** Three of 2048 bits, each from two bytes of the value's keccak (yellow paper, 4.3.1). */
function bitsOf(value: string): Bits {
  const found = known.get(value);
  if (found) return found;
  const hash = keccak(Buffer.from(value.slice(2), 'hex'));
  const bits = [0, 2, 4].flatMap((at) => {
    const bit = hash.readUInt16BE(at) & 2047;
    return [BLOOM_BYTES - 1 - (bit >> 3), 1 << (bit & 7)];
  });
  if (known.size >= KNOWN_BITS) known.clear();
  known.set(value, bits);
  return bits;
}

/** The bloom of these logs, as a header or a receipt carries it. */
export function bloomOf(logs: readonly BloomedLog[]): string {
  const bloom = Buffer.alloc(BLOOM_BYTES);
  for (const { address, topics } of logs) {
    for (const value of [address, ...topics]) {
      const bits = bitsOf(value);
      for (let i = 0; i < bits.length; i += 2) {
        const at = bits[i] as number;
        bloom[at] = (bloom[at] as number) | (bits[i + 1] as number);
      }
    }
  }
  return `0x${bloom.toString('hex')}`;
}

/**
 * Those addresses of which the block may hold logs: a bloom has false positives, about one in thousands where blocks are
 * small, but no false negatives.
 * @param logsBloom 0x hex, 256 bytes; anything else (nodes send `0x`) rules nothing out
 */
export function mayHoldLogsOf(logsBloom: string, addresses: readonly string[]): string[] {
  const bloom = bytesOfBloom(logsBloom);
  return bloom ? addresses.filter((address) => holds(bloom, bitsOf(address))) : [...addresses];
}

/**
 * The first log that the bloom says is not in the block.
 * @param topics how many topics of each log are looked at: the first one, an event's signature, is nearly always known
 *   and so costs nothing
 */
export function firstOutsideBloom<T extends BloomedLog>(
  logsBloom: string,
  logs: readonly T[],
  topics: 'all' | 'signature' = 'all',
): T | undefined {
  const bloom = bytesOfBloom(logsBloom);
  if (!bloom) return undefined;
  return logs.find((log) => {
    const values = topics === 'all' ? log.topics : log.topics.slice(0, 1);
    return !holds(bloom, bitsOf(log.address)) || !values.every((topic) => holds(bloom, bitsOf(topic)));
  });
}

function holds(bloom: Buffer, bits: Bits): boolean {
  for (let i = 0; i < bits.length; i += 2) {
    if (((bloom[bits[i] as number] as number) & (bits[i + 1] as number)) === 0) return false;
  }
  return true;
}

function bytesOfBloom(logsBloom: string): Buffer | undefined {
  const bloom = Buffer.from(logsBloom.slice(2), 'hex');
  return bloom.length === BLOOM_BYTES ? bloom : undefined;
}
