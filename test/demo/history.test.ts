import { buildHistory } from '../../demo/history';
import { rpcTo } from '../../demo/rpc';
import { type BuiltHistory, buildOn } from './builtHistory';

const EVENTS = 700;
const ENDS_AT = 1_790_000_000;

const headOf = async ({ url }: BuiltHistory) =>
  (await rpcTo(url).call<{ hash: string }>('eth_getBlockByNumber', ['latest', false])).hash;

const logsOf = (built: BuiltHistory) =>
  JSON.stringify(built.events, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

describe('a seeded history', () => {
  const open: BuiltHistory[] = [];
  const build = async (seed: number, endsAt = ENDS_AT) => {
    const built = await buildOn(seed, EVENTS, endsAt);
    open.push(built);
    return built;
  };
  afterAll(() => Promise.all(open.map((built) => built.close())));

  it('is the same events for the same seed, and others for another', async () => {
    const [one, again, other] = [await build(1), await build(1), await build(2)];
    expect(logsOf(again)).toBe(logsOf(one));
    expect(logsOf(other)).not.toBe(logsOf(one));
  });

  it('is built once: on a chain that has it, only the deployment is read back', async () => {
    const [built] = open;
    const before = await headOf(built!);
    const { isNew, reverted, ...deployment } = await buildHistory({ url: built!.url, seed: 9, events: 50 });
    expect(isNew).toBe(false);
    expect(reverted).toEqual([]);
    const { isNew: wasNew, ...built1 } = built!.history;
    expect(wasNew).toBe(true);
    expect({ ...deployment, reverted: [] }).toEqual(built1);
    expect(await headOf(built!)).toBe(before);
  });

  it('has every step of the loop even when it is small', () => {
    const names = new Set(open[0]!.events.map(({ name }) => name));
    for (const name of ['InferenceSettled', 'AttributionCommitted', 'RewardAccrued', 'RewardClaimed', 'EpochSettled']) {
      expect(names).toContain(name);
    }
    expect(open[0]!.events.length).toBeGreaterThan(EVENTS * 0.9);
  });
});
