import { isAll } from '../../schema/abiWords';
import type { EventType } from '../../schema/contractSet';
import { type EventArgs, type EventDecoder, placeIn, type WordPlace } from '../../schema/eventDecoder';
import { type LogBytes, WORD_BYTES } from '../../schema/logBytes';
import { NUMBERED, namesSomething, namingOf, subjectKey, subjectKinds, subjectsOf } from '../../schema/subject';

/** A key of what has postings: `length` bytes of `keys`. The first tells the kind. */
export type AddSubject = (keys: Buffer, at: number, length: number) => void;
/** Adds what a log names: the same as subjectsOf, in the same order, as keys. */
export type SubjectsOfLog = (log: LogBytes, args: EventArgs | undefined, add: AddSubject) => void;

/** A kind and a word. */
const KEY_BYTES = 1 + WORD_BYTES;
/** No event has as many arguments. */
const MOST = 64;
const keys = Buffer.alloc(MOST * KEY_BYTES);
const lengths = new Uint8Array(MOST);

const known = new WeakMap<EventType, SubjectsOfLog>();

export function subjectsOfLogs(type: EventType): SubjectsOfLog {
  let found = known.get(type);
  if (!found) {
    found = fromWords(type.decoder) ?? fromArguments(type.decoder);
    known.set(type, found);
  }
  return found;
}

function fromArguments(decoder: EventDecoder): SubjectsOfLog {
  return (log, args, add) => {
    for (const subject of subjectsOf(decoder, args ?? decoder.read(log))) {
      const key = subjectKey(subject);
      add(key, 0, key.length);
    }
  };
}

/** Undefined for an event that names something elsewhere than in words, or by several arguments together. */
function fromWords(decoder: EventDecoder): SubjectsOfLog | undefined {
  const named: { place: WordPlace; kind: number; isNumbered: boolean; zeroIsNone: boolean }[] = [];
  for (const param of decoder.params) {
    if (!namesSomething(decoder.name, param)) continue;
    const naming = namingOf(decoder.name, param.name, param.type);
    const place = decoder.words.get(param.name);
    if (!naming || !place || named.length === MOST) return undefined;
    const isNumbered = NUMBERED.has(naming.kind);
    const type = isNumbered ? /^uint/ : naming.kind === 'account' ? /^address$/ : /^bytes32$/;
    if (!type.test(place.type.name)) return undefined;
    named.push({ place, kind: subjectKinds[naming.kind], isNumbered, zeroIsNone: naming.zeroIsNone });
  }
  return (log, _, add) => {
    let count = 0;
    for (const { place, kind, isNumbered, zeroIsNone } of named) {
      const at = placeIn(log, place);
      if (zeroIsNone && isAll(0, log.bytes, at, WORD_BYTES)) continue;
      const { size } = place.type;
      let from = at + place.type.from;
      // Ids have no leading zeros.
      if (isNumbered) while (from < at + WORD_BYTES && log.bytes[from] === 0) from++;
      const length = isNumbered ? at + WORD_BYTES - from : size;
      const key = count * KEY_BYTES;
      keys[key] = kind;
      for (let i = 0; i < length; i++) keys[key + 1 + i] = log.bytes[from + i] as number;
      lengths[count] = 1 + length;
      if (isNew(count)) {
        count++;
        add(keys, key, 1 + length);
      }
    }
  };
}

/** Whether none of the keys before is the last one. */
function isNew(last: number): boolean {
  const length = lengths[last] as number;
  for (let before = 0; before < last; before++) {
    if (lengths[before] !== length) continue;
    let i = 0;
    while (i < length && keys[before * KEY_BYTES + i] === keys[last * KEY_BYTES + i]) i++;
    if (i === length) return false;
  }
  return true;
}
