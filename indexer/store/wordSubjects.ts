import { isAll } from '../../schema/abiWords';
import type { EventType } from '../../schema/contractSet';
import { type EventArgs, type EventDecoder, placeIn, type WordPlace } from '../../schema/eventDecoder';
import { type LogBytes, WORD_BYTES } from '../../schema/logBytes';
import { NUMBERED, namesSomething, namingOf, subjectKey, subjectKinds, subjectsOf } from '../../schema/subject';

/** Something that is named: a kind, and the rest of its key, so many bytes (see schema/posting.ts). */
export type AddSubject = (kind: number, bytes: Buffer, at: number, length: number) => void;
/** Adds what a log names: the same as subjectsOf, in the same order, but what is named twice twice. */
export type SubjectsOfLog = (log: LogBytes, args: EventArgs | undefined, add: AddSubject) => void;

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
      add(key[0] as number, key, 1, key.length - 1);
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
    if (!naming || !place) return undefined;
    const isNumbered = NUMBERED.has(naming.kind);
    const type = isNumbered ? /^uint/ : naming.kind === 'account' ? /^address$/ : /^bytes32$/;
    if (!type.test(place.type.name)) return undefined;
    named.push({ place, kind: subjectKinds[naming.kind], isNumbered, zeroIsNone: naming.zeroIsNone });
  }
  return (log, _, add) => {
    const { bytes } = log;
    for (const { place, kind, isNumbered, zeroIsNone } of named) {
      const at = placeIn(log, place);
      if (zeroIsNone && isAll(0, bytes, at, WORD_BYTES)) continue;
      let from = at + place.type.from;
      const end = from + place.type.size;
      // Ids have no leading zeros.
      if (isNumbered) while (from < end && bytes[from] === 0) from++;
      add(kind, bytes, from, end - from);
    }
  };
}
