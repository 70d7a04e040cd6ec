import { type Context, openContext, type Program } from '../../api/context';
import { remembering, rememberingAll } from '../../api/queries/figures/remembered';
import { sideBySide } from '../../api/queries/figures/sideBySide';
import { ANN, POOL, type Told } from '../oracle/told';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import { type ApiHarness, openApi } from './harness';
import { commitTold } from './placedTold';

const paid = (amount: bigint): Told => ['RewardAccrued', { poolId: POOL, beneficiary: ANN, amount }];
const FIGURES = `{
  flywheel(chainId: 1, to: "2027-01-01T00:00:00Z", from: "2026-01-01T00:00:00Z") { backing { accrued } }
  leaderboard(chainId: 1, metric: CONTRIBUTORS_BY_REWARDS, token: "token:1:native", to: "2027-01-01T00:00:00Z",
    from: "2026-01-01T00:00:00Z") { entries { value } } }`;

describe('figures of windows', () => {
  let api: ApiHarness;

  beforeEach(async () => {
    api = await openApi();
    await commitTold(api.database.pool, 1, [['2026-11-01T00:00:00Z', [['PoolCreated', { poolId: POOL }], paid(10n)]]]);
  });
  afterEach(() => api?.close());

  const figures = async () => {
    const { data, errors } = await api.ask(FIGURES);
    expect(errors).toBeUndefined();
    const { flywheel, leaderboard } = data as {
      flywheel: { backing: { accrued: string }[] };
      leaderboard: { entries: { value: string }[] };
    };
    return [flywheel.backing[0]?.accrued, leaderboard.entries[0]?.value];
  };
  // Behind everybody's back: no block brings it.
  const falsify = () => api.database.pool.query('update reward set amount = 11');

  it('are kept until the next change of any chain', async () => {
    expect(await figures()).toEqual(['10', '10']);
    await falsify();
    expect(await figures()).toEqual(['10', '10']);
    await commitTold(api.database.pool, 2, [['2026-11-01T00:00:01Z', [paid(5n)]]]);
    expect(await figures()).toEqual(['11', '11']);
  });

  it('are read again once a re-index has put other tables in their place', async () => {
    expect(await figures()).toEqual(['10', '10']);
    await falsify();
    await api.database.pool.query(
      'begin; alter table reward rename to old; create table reward as select * from old; commit',
    );
    expect(await figures()).toEqual(['11', '11']);
  });
});

describe('figures that many ask for at once', () => {
  let database: TestDatabase;
  const opened: Context[] = [];

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterEach(async () => {
    for (const { snapshot } of opened.splice(0)) await snapshot.close();
  });
  afterAll(() => database?.close());

  /** Requests to one process, whose answers take as long as `slow` says; `leave` ends the first one's connection. */
  const openRequests = (count: number) => {
    const program = programOf(database);
    const leaving = new AbortController();
    const requests = Array.from({ length: count }, (_, i) =>
      openContext(program, i === 0 ? leaving.signal : new AbortController().signal),
    );
    opened.push(...requests);
    return { requests, leave: () => leaving.abort() };
  };

  it('are read once', async () => {
    const { requests } = openRequests(9);
    const gate = gateOf();
    let reads = 0;
    const answers = requests.map((context) =>
      remembering(context, 'a', async () => {
        reads++;
        await gate.opened;
        return [reads];
      }),
    );
    await until(() => reads > 0);
    gate.open();
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 9 }, () => [1]));
    expect(reads).toBe(1);
  });

  it('fail for all who wait, and are read again by who asks later', async () => {
    const { requests } = openRequests(4);
    const [later, ...early] = requests as [Context, ...Context[]];
    // They know which state they ask of, so that all of them wait for the one that reads before it fails.
    for (const context of early) await remembering(context, 'known', async () => []);
    const gate = gateOf();
    let reads = 0;
    const answers = early.map((context) =>
      remembering(context, 'b', async () => {
        reads++;
        await gate.opened;
        throw new Error('too slow');
      }),
    );
    const settled = Promise.allSettled(answers);
    await until(() => reads > 0);
    gate.open();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(reads).toBe(1);
    expect(await remembering(later, 'b', async () => ['in time'])).toEqual(['in time']);
  });

  it('come to all others when the client leaves for whom they are read', async () => {
    const { requests, leave } = openRequests(5);
    const gate = gateOf();
    let reads = 0;
    const read = (context: Context) => async () => {
      reads++;
      await gate.opened;
      if (context.signal.aborted) throw new Error('cancelled');
      return [reads];
    };
    const [first, ...others] = requests as [Context, ...Context[]];
    const gone = expect(remembering(first, 'c', read(first))).rejects.toThrow('cancelled');
    await until(() => reads > 0);
    // They know which state they ask of, so that nothing but the first one's reading is waited for.
    for (const context of others) await remembering(context, 'known', async () => []);
    const answers = others.map((context) => remembering(context, 'c', read(context)));
    await new Promise(setImmediate);
    expect(reads).toBe(1);
    leave();
    gate.open();
    await gone;
    expect(await Promise.all(answers)).toEqual([[2], [2], [2], [2]]);
    expect(reads).toBe(2);
  });

  it('come to all others when the request for which they are read is answered without them', async () => {
    const { requests } = openRequests(3);
    const gate = gateOf();
    const [first, ...others] = requests as [Context, ...Context[]];
    let reads = 0;
    const read = (context: Context) => async () => {
      reads++;
      await gate.opened;
      return context.snapshot.query<{ n: number }>('select 1 as n');
    };
    const given = expect(remembering(first, 'd', read(first))).rejects.toThrow('closed');
    await until(() => reads > 0);
    for (const context of others) await remembering(context, 'known', async () => []);
    const answers = others.map((context) => remembering(context, 'd', read(context)));
    await first.snapshot.close();
    gate.open();
    await given;
    expect(await Promise.all(answers)).toEqual([[{ n: 1 }], [{ n: 1 }]]);
    expect(reads).toBe(2);
  });

  it('are shared by requests that ask for some of the same windows', async () => {
    const { requests } = openRequests(2);
    const [one, two] = requests as [Context, Context];
    const gate = gateOf();
    const asked: string[] = [];
    const all = (context: Context, keys: string[]) =>
      rememberingAll(context, keys, async (missing) => {
        const names = missing.map((i) => keys[i]!);
        asked.push(...names);
        await gate.opened;
        return names.map((name) => [name]);
      });
    const first = all(one, ['x', 'y']);
    await until(() => asked.length > 0);
    const second = all(two, ['y', 'z', 'x']);
    await until(() => asked.length > 2);
    gate.open();
    expect([await first, await second]).toEqual([
      [['x'], ['y']],
      [['y'], ['z'], ['x']],
    ]);
    expect(asked).toEqual(['x', 'y', 'z']);
  });
});

describe('reads that take long', () => {
  let database: TestDatabase;
  let own: Context;

  beforeEach(async () => {
    database = await createDatabase();
    await commitTold(database.pool, 1, [['2026-11-01T00:00:00Z', [['PoolCreated', { poolId: POOL }]]]]);
    own = openContext(programOf(database), new AbortController().signal);
    await own.chains();
  });
  afterEach(async () => {
    await own?.snapshot.close();
    await database?.close();
  });

  const contexts: Context[] = [];
  const read = async (on: Context) => {
    contexts.push(on);
    const [row] = await on.snapshot.query<{ n: number }>('select count(*)::integer as n from block');
    return row?.n;
  };
  /** Which of four reads the request's own connection did; `first` is under way until the second connection came or won't. */
  const shareOut = async (isOver: () => boolean) => {
    contexts.length = 0;
    const held = async (on: Context) => {
      await until(isOver);
      return read(on);
    };
    const counts = await Promise.all([held, read, read, read].map((each) => sideBySide(own, each)));
    return { counts, byOwn: contexts.filter((on) => on === own).length };
  };

  it('are shared by two connections', async () => {
    expect(await shareOut(() => contexts.length === 3)).toEqual({ counts: [1, 1, 1, 1], byOwn: 1 });
    await until(() => database.pool.idleCount === database.pool.totalCount - 1);
  });

  it('are left to the first where the second sees another block', async () => {
    await commitTold(database.pool, 2, [['2026-11-01T00:00:00Z', [['PoolCreated', { poolId: POOL }]]]]);
    let gaveBack = false;
    database.pool.once('release', () => {
      gaveBack = true;
    });
    expect(await shareOut(() => gaveBack)).toEqual({ counts: [1, 1, 1, 1], byOwn: 4 });
  });

  it('are all read by the first where the second fails', async () => {
    let failures = 0;
    const breaks = async (on: Context) => {
      if (on === own) return read(on);
      failures++;
      throw new Error('connection lost');
    };
    const held = async (on: Context) => {
      await until(() => failures > 0);
      return read(on);
    };
    contexts.length = 0;
    expect(await Promise.all([held, breaks, breaks, breaks].map((each) => sideBySide(own, each)))).toEqual([
      1, 1, 1, 1,
    ]);
    expect([failures, contexts.filter((on) => on === own).length]).toEqual([1, 4]);
  });

  it('that come when the others are done are read, too', async () => {
    expect(await Promise.all([sideBySide(own, read), sideBySide(own, read)])).toEqual([1, 1]);
    expect(await sideBySide(own, read)).toBe(1);
  });

  it('begin with what takes longest, whatever is asked first', async () => {
    const begun: number[] = [];
    const taking = (ms: number) => sideBySide(own, async () => begun.push(ms), ms);
    await Promise.all([1, 3, 2, 3].map(taking));
    expect(begun).toEqual([3, 3, 2, 1]);
  });

  it('fail by themselves', async () => {
    const fails = (on: Context) => on.snapshot.query('select 1 / 0');
    const results = await Promise.allSettled([fails, read, fails, read].map((each) => sideBySide<unknown>(own, each)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
  });
});

const programOf = ({ pool }: TestDatabase) =>
  ({ pool, cancel: async () => undefined, queryTimeoutMs: 5_000 }) as unknown as Program;

function gateOf() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
