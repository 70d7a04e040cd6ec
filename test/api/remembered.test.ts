import { ANN, POOL, type Told } from '../oracle/told';
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
