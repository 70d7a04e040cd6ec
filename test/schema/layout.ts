import type { ParamType } from 'ethers';
import type { ProfiledEvent } from './anyEvent';

/** A 32-byte word of canonically encoded data and what it is there for. `at`: characters from the data's start. */
export type Word =
  | { at: number; kind: 'value'; type: string }
  /** Of a dynamic value, counted from `base`. */
  | { at: number; kind: 'offset'; base: number }
  /** Of an array: `itemChars` is what each item takes at least. Of a string or bytes: two characters an item. */
  | { at: number; kind: 'length'; itemChars: number };

const WORD = 64;

export interface Layout {
  words: Word[];
  /** Bytes after the last value of a string or bytes that ends the data: encoders may leave them out. */
  padding: number;
}

/** Walks the data of a log that ethers encoded. `data` is 0x-prefixed; positions count the prefix. */
export function layoutOf({ fragment }: ProfiledEvent, data: string): Layout {
  const words: Word[] = [];
  let end = 2;
  let padding = 0;
  const numberAt = (at: number) => Number.parseInt(data.slice(at, at + WORD), 16);
  const take = (word: Word) => {
    words.push(word);
    if (word.at + WORD > end) {
      end = word.at + WORD;
      padding = 0;
    }
  };

  const walkTuple = (params: readonly ParamType[], base: number) => {
    let at = base;
    for (const param of params) {
      if (isDynamic(param)) {
        take({ at, kind: 'offset', base });
        walkDynamic(param, base + numberAt(at) * 2);
        at += WORD;
      } else if (param.isTuple()) {
        walkTuple(param.components, at);
        at += headChars(param);
      } else {
        take({ at, kind: 'value', type: param.type });
        at += WORD;
      }
    }
  };
  const walkDynamic = (param: ParamType, at: number) => {
    if (param.isTuple()) return walkTuple(param.components, at);
    const length = numberAt(at);
    if (param.isArray()) {
      const itemChars = isDynamic(param.arrayChildren) ? WORD : headChars(param.arrayChildren);
      take({ at, kind: 'length', itemChars });
      return walkTuple(Array<ParamType>(length).fill(param.arrayChildren), at + WORD);
    }
    take({ at, kind: 'length', itemChars: 2 });
    const spare = (32 - (length % 32)) % 32;
    const over = at + WORD + (length + spare) * 2;
    if (over > end) {
      end = over;
      padding = spare;
    }
  };

  walkTuple(
    fragment.inputs.filter(({ indexed }) => !indexed),
    2,
  );
  return { words, padding };
}

function isDynamic(param: ParamType): boolean {
  if (param.isTuple()) return param.components.some(isDynamic);
  return param.isArray() || param.type === 'string' || param.type === 'bytes';
}

function headChars(param: ParamType): number {
  return param.isTuple() ? param.components.reduce((sum, part) => sum + headChars(part), 0) : WORD;
}

/** Bits of the word, 0 being the lowest, that a value of this type leaves alone (or fills with its sign). */
export function bitsOutside(type: string): { from: number; to: number } | undefined {
  if (type === 'bool') return { from: 1, to: 255 };
  if (type === 'address') return { from: 160, to: 255 };
  const bits = Number(/^u?int(\d+)$/.exec(type)?.[1] ?? 256);
  return bits < 256 ? { from: bits, to: 255 } : undefined;
}

/** The word at `at` with one bit turned over. */
export function withBitFlipped(hex: string, at: number, bit: number): string {
  const word = BigInt(`0x${hex.slice(at, at + WORD)}`) ^ (1n << BigInt(bit));
  return withWord(hex, at, word);
}

export function withWord(hex: string, at: number, word: bigint): string {
  return hex.slice(0, at) + word.toString(16).padStart(WORD, '0') + hex.slice(at + WORD);
}
