import { AbiCoder, EventFragment, Interface, type ParamType, zeroPadValue } from 'ethers';
import { compileDecoder, type EventDecoder, type Value } from '../../schema/eventDecoder';
import { profiles } from '../../schema/profiles';
import fc, { type Arbitrary } from '../run/fastCheck';

/** One event of a profile, as our decoder and as ethers read it. */
export interface ProfiledEvent {
  title: string;
  decoder: EventDecoder;
  fragment: EventFragment;
  abi: Interface;
}

export const everyEvent: ProfiledEvent[] = Object.values(profiles).flatMap(({ profile, contracts }) =>
  Object.entries(contracts).flatMap(([contract, fragments]) =>
    fragments.map((text) => {
      const abi = new Interface([text]);
      const decoder = compileDecoder(text);
      return {
        title: `${profile} ${contract}.${decoder.name}`,
        decoder,
        fragment: abi.getEvent(decoder.name) as EventFragment,
        abi,
      };
    }),
  ),
);

export function eventNamed(name: string): ProfiledEvent {
  return everyEvent.find(({ decoder }) => decoder.name === name)!;
}

export interface AnyLog {
  topics: string[];
  /** Canonical: as ethers encodes it. */
  data: string;
  values: unknown[];
}

/** Logs of an event over every value that its types can hold, extremes often among them. */
export function anyLogOf({ fragment }: ProfiledEvent): Arbitrary<AnyLog> {
  return fc.tuple(...fragment.inputs.map(anyValueOf)).map((values) => logOf(fragment, values));
}

/** Words of its own for topics, since ethers' encodeEventLog takes no negative number there. */
export function logOf(fragment: EventFragment, values: unknown[]): AnyLog {
  const coder = AbiCoder.defaultAbiCoder();
  const plain = fragment.inputs.flatMap((param, i) => (param.indexed ? [] : [{ param, value: values[i] }]));
  return {
    topics: [
      fragment.topicHash,
      ...fragment.inputs.flatMap((param, i) => (param.indexed ? [coder.encode([param.type], [values[i]])] : [])),
    ],
    data: coder.encode(
      plain.map(({ param }) => param),
      plain.map(({ value }) => value),
    ),
    values,
  };
}

function anyValueOf(param: ParamType): Arbitrary<unknown> {
  if (param.isArray()) {
    return fc.oneof(
      { weight: 8, arbitrary: fc.array(anyValueOf(param.arrayChildren), { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.array(anyValueOf(param.arrayChildren), { minLength: 20, maxLength: 40 }) },
    );
  }
  if (param.isTuple()) return fc.tuple(...param.components.map(anyValueOf));
  if (param.type === 'bool') return fc.boolean();
  if (param.type === 'address') {
    return fc.oneof(
      { weight: 6, arbitrary: anyBytes(20, 20) },
      fc.constantFrom(`0x${'00'.repeat(20)}`, `0x${'ff'.repeat(20)}`),
    );
  }
  if (param.type === 'string') return anyText;
  if (param.type === 'bytes') return anyBytes(0, 100);
  const fixed = /^bytes(\d+)$/.exec(param.type);
  if (fixed) return anyBytes(Number(fixed[1]), Number(fixed[1]));
  const integer = /^(u?)int(\d+)$/.exec(param.type);
  if (!integer) throw new TypeError(`no arbitrary of ${param.type}`);
  return anyInteger(integer[1] === '', BigInt(integer[2] as string));
}

function anyInteger(signed: boolean, bits: bigint): Arbitrary<bigint> {
  const min = signed ? -(2n ** (bits - 1n)) : 0n;
  const max = 2n ** (signed ? bits - 1n : bits) - 1n;
  return fc.oneof(
    fc.bigInt({ min, max }),
    fc.constantFrom(min, max, 0n, 1n, max - 1n, ...(signed ? [-1n, min + 1n] : [])),
    fc.bigInt({ min: signed ? (-300n < min ? min : -300n) : 0n, max: max < 300n ? max : 300n }),
  );
}

/** 'binary' is every code point, NUL and the non-characters included, but no lone surrogate. */
const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 80 }) },
  fc.constantFrom(
    '',
    'x'.repeat(31),
    'x'.repeat(32),
    'x'.repeat(33),
    '\0',
    'a\0b\0',
    '\uFEFFbom',
    '🙂'.repeat(9),
    '\\x41\t\n',
  ),
  fc.string({ minLength: 500, maxLength: 2_000 }),
);

function anyBytes(minLength: number, maxLength: number): Arbitrary<string> {
  return fc.uint8Array({ minLength, maxLength }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
}

/**
 * What ethers reads, in our terms: integers up to 32 bits are numbers, NUL is U+FFFD, hex is lower-case, structs are
 * objects. Throws where any part can't be read.
 */
export function readByEthers({ abi, fragment }: ProfiledEvent, { topics, data }: Pick<AnyLog, 'topics' | 'data'>) {
  const parsed = abi.parseLog({ topics, data });
  if (!parsed) throw new Error('ethers does not know this log');
  return Object.fromEntries(fragment.inputs.map((param, i) => [param.name, normalised(param, parsed.args[i])]));
}

function normalised(param: ParamType, value: unknown): Value {
  if (param.isArray()) return Array.from(value as unknown[], (item) => normalised(param.arrayChildren, item));
  if (param.isTuple()) {
    return Object.fromEntries(
      param.components.map((component, i) => [component.name, normalised(component, (value as unknown[])[i])]),
    );
  }
  if (param.type === 'string') return (value as string).replaceAll('\0', '\uFFFD');
  if (typeof value === 'bigint') return Number(/\d+/.exec(param.type)?.[0]) <= 32 ? Number(value) : value;
  return typeof value === 'string' ? value.toLowerCase() : (value as boolean);
}

/** A topic or word of 32 bytes that holds this number. */
export const wordOf = (value: bigint | number) => zeroPadValue(`0x${evenHex(BigInt(value))}`, 32);

function evenHex(value: bigint): string {
  const hex = value.toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}
