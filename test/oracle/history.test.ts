import { EVENTS, INTERFACES } from './abi';
import { encode } from './encode';
import { randomHistory } from './history';
import { isEvent } from './log';
import { ENTITIES, Oracle } from './model';
import { pretend } from './pretend';
import { flatten } from './queries';

describe('a random history', () => {
  const text = (value: unknown) => JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part));
  const history = randomHistory('a seed');
  const logs = history.flatMap((block) => block.txs.flat());

  test('is the same for the same seed, and another for another', () => {
    expect(text(randomHistory('a seed'))).toBe(text(history));
    expect(text(randomHistory('another'))).not.toBe(text(history));
  });

  test('has every event of both profiles, and logs that are none', () => {
    expect(new Set(logs.filter(isEvent).map((log) => log.event)).size).toBe(EVENTS.length);
    expect(logs.some((log) => !isEvent(log))).toBe(true);
  });

  test('can be put on chain whatever the seed', () => {
    for (let seed = 0; seed < 10; seed++)
      for (const log of randomHistory(seed, { logs: 300 }).flatMap((block) => block.txs.flat()))
        expect(encode(log).topics.length).toBeLessThanOrEqual(4);
  });

  test('decodes to the arguments that it says, where what is on chain is canonical', () => {
    const parts = (value: unknown): unknown =>
      typeof value === 'object' ? Object.values(value as object).map(parts) : value;
    for (const log of logs.filter(isEvent).filter((log) => log.data === undefined)) {
      const decoded = INTERFACES[log.contract]!.parseLog(encode(log))!.args.toArray(true);
      expect(text(decoded).toLowerCase()).toBe(text(parts(log.args)).toLowerCase());
    }
  });

  test('folds to rows that are in the shape of a flattened answer', () => {
    const oracle = new Oracle();
    for (const block of pretend(1, history)) oracle.apply(block);
    for (const entity of ENTITIES) {
      const rows = oracle.list(entity);
      expect(rows.length).toBeGreaterThan(0);
      expect(flatten(rows)).toEqual(rows);
    }
  });

  test('folds to the same rows after a reorg as without it', () => {
    const [once, twice] = [new Oracle(), new Oracle()];
    const placed = pretend(1, history);
    const forked = pretend(1, randomHistory('fork', { fromBlock: 20, logs: 100, timestamp: 1_760_000_000 }), 'b');
    for (const block of [...placed.slice(0, 19), ...forked]) once.apply(block);
    for (const block of placed) twice.apply(block);
    expect(twice.list('contributions')).not.toEqual(once.list('contributions'));
    twice.rewindTo(1, 19);
    for (const block of forked) twice.apply(block);
    for (const entity of ENTITIES) expect(twice.list(entity)).toEqual(once.list(entity));
  });
});
