import { type ColumnTypes, readColumnTypes } from '../../indexer/store/columnTypes';
import { factsOf } from '../../indexer/store/eventFacts';
import type { FactValue } from '../../indexer/store/factTables';
import { RowBuffer } from '../../indexer/store/rowBuffer';
import { subjectsOfLogs } from '../../indexer/store/wordSubjects';
import type { EventType } from '../../schema/contractSet';
import { logBytesOf } from '../../schema/logBytes';
import { profiles } from '../../schema/profiles';
import { subjectKey, subjectsOf } from '../../schema/subject';
import { createDatabase } from '../run/database';
import fc from '../run/fastCheck';
import { type AnyLog, anyLogOf, everyEvent } from '../schema/anyEvent';

let columnTypes: ColumnTypes;
beforeAll(async () => {
  const database = await createDatabase();
  const client = await database.pool.connect();
  columnTypes = await readColumnTypes(client);
  client.release();
  await database.close();
});

const bytesOf = ({ topics, data }: Pick<AnyLog, 'topics' | 'data'>) =>
  logBytesOf(Buffer.from([...topics, data].map((hex) => hex.slice(2)).join(''), 'hex'), topics.length);
const written = (rows: RowBuffer) => Buffer.concat([...rows.chunks()]);
const types = everyEvent.map((event): [string, (typeof everyEvent)[number], EventType] => {
  const [profile, name] = event.title.split(' ') as [string, string];
  const contract = name.split('.')[0] as string;
  expect(profiles[profile]?.contracts[contract]).toBeDefined();
  return [event.title, event, { profile, contract, decoder: event.decoder }];
});

describe("an event's rows", () => {
  it.each(types)('of %s are the same out of its bytes as out of its arguments', (_, event, type) => {
    fc.assert(
      fc.property(anyLogOf(event), (log) => {
        const bytes = bytesOf(log);
        const args = type.decoder.read(bytes);
        factsOf(type)(bytes, type.decoder.isWords ? undefined : args, (fact) => {
          const all = columnTypes[fact.table];
          const [ours, plain] = [new RowBuffer(all), new RowBuffer(all)];
          // A reward's parts are no numbers of the event.
          const columns = ours.types.length;
          ours.begin(1, bytes);
          fact.write(ours, ours.types, columns);
          plain.add(
            1,
            bytes,
            Array.from({ length: columns }, (_column, i) => fact.value(i) as FactValue | null),
          );
          expect(written(ours)).toEqual(written(plain));
        });
      }),
      { numRuns: 30 },
    );
  });

  it.each(types)('name the same of %s in bytes as its arguments do', (_, event, type) => {
    fc.assert(
      fc.property(anyLogOf(event), fc.nat(4), (log, same) => {
        // One word for several: what is named twice is one subject.
        const topics = log.topics.map((topic, i) => (i > 1 && i === same ? (log.topics[1] as string) : topic));
        const bytes = bytesOf({ ...log, topics });
        const args = outcome(() => type.decoder.read(bytes));
        if (!args) return;
        const keys = new Set<string>();
        subjectsOfLogs(type)(bytes, type.decoder.isWords ? undefined : args, (kind, from, at, length) => {
          keys.add(`0${kind}${from.toString('hex', at, at + length)}`);
        });
        expect([...keys]).toEqual(subjectsOf(type.decoder, args).map((subject) => subjectKey(subject).toString('hex')));
      }),
      { numRuns: 30 },
    );
  });
});

function outcome<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
