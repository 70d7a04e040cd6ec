import { RLP } from '@ethereumjs/rlp';
import { keccakHex } from './keccak';
import { integerBytes, rawBytes } from './rlpField';

/** What every header has, in the order of its RLP (yellow paper, 4.3). */
const FIELDS = [
  ['parentHash', rawBytes],
  ['sha3Uncles', rawBytes],
  ['miner', rawBytes],
  ['stateRoot', rawBytes],
  ['transactionsRoot', rawBytes],
  ['receiptsRoot', rawBytes],
  ['logsBloom', rawBytes],
  ['difficulty', integerBytes],
  ['number', integerBytes],
  ['gasLimit', integerBytes],
  ['gasUsed', integerBytes],
  ['timestamp', integerBytes],
  ['extraData', rawBytes],
  ['mixHash', rawBytes],
  ['nonce', rawBytes],
] as const;

/** What forks added at the end, in this order: London, Shanghai, Cancun (three), Prague. */
const ADDED = [
  ['baseFeePerGas', integerBytes],
  ['withdrawalsRoot', rawBytes],
  ['blobGasUsed', integerBytes],
  ['excessBlobGas', integerBytes],
  ['parentBeaconBlockRoot', rawBytes],
  ['requestsHash', rawBytes],
] as const;

/** What nodes send with a block that is not part of its header. */
const BESIDE = ['hash', 'size', 'totalDifficulty', 'transactions', 'uncles', 'withdrawals'];

const KNOWN = new Set<string>([...FIELDS, ...ADDED].map(([name]): string => name).concat(BESIDE));

/**
 * Whether a block's hash is that of its fields.
 * - proven: it is, so every field is what the chain says, or the node knows a collision of keccak256;
 * - wrong: all its fields are known and give another hash, so one of them, or the hash, is not the block's;
 * - unverifiable: it has a field that we don't know, or lacks one that every header of Ethereum has (or its bloom, which
 *   some nodes leave out), so its hash may be made in another way. Nothing can be concluded from what it says.
 */
export type HeaderStanding = 'proven' | 'wrong' | 'unverifiable';

/** @param block as eth_getBlockByNumber answers it */
export function judgeHeader(block: Readonly<Record<string, unknown>>): HeaderStanding {
  const hash = String(block['hash']).toLowerCase();
  // Some nodes send a fork's fields with blocks from before it, too: the hash tells which belong to the header.
  for (let added = ADDED.filter(isIn(block)).length; added >= 0; added--) {
    const made = headerHash(block, added);
    if (made === undefined) return 'unverifiable';
    if (made === hash) return 'proven';
  }
  return isOfAnotherKind(block) ? 'unverifiable' : 'wrong';
}

/**
 * The keccak of the header's RLP.
 * @param added how many of the fields count that forks added and that are there; default: all
 * @returns undefined where a field is missing that must be there, or has another form
 */
export function headerHash(
  block: Readonly<Record<string, unknown>>,
  added = Number.POSITIVE_INFINITY,
): string | undefined {
  const fields = encodedFields(block, [...FIELDS, ...ADDED.filter(isIn(block)).slice(0, added)]);
  return fields && keccakHex(RLP.encode(fields));
}

/** Undefined where a field is missing that must be there, or has another form. */
function encodedFields(
  block: Readonly<Record<string, unknown>>,
  fields: readonly (readonly [string, (value: unknown) => Uint8Array | undefined])[],
): Uint8Array[] | undefined {
  const encoded = fields.map(([name, bytesOf]) => bytesOf(block[name]));
  return encoded.every((bytes) => bytes !== undefined) ? encoded : undefined;
}

function isOfAnotherKind(block: Readonly<Record<string, unknown>>): boolean {
  if (Object.entries(block).some(([name, value]) => !KNOWN.has(name) && value !== null)) return true;
  // A fork brings its fields after those of the forks before.
  if (ADDED.filter(isIn(block)).some((field, i) => field !== ADDED[i])) return true;
  // Some nodes leave the bloom out; of such a block the bloom is not to be believed, and the rest can't be checked.
  return NO_BLOOM.test(String(block['logsBloom']));
}

const NO_BLOOM = /^0x0*$/;

function isIn(block: Readonly<Record<string, unknown>>) {
  return ([name]: readonly [string, unknown]) => block[name] !== undefined && block[name] !== null;
}
