import { ExplanationKind } from '../../api/types/explanation';
import { type ApiHarness, openApi } from '../api/harness';
import { commitPlaced } from '../api/placedChain';
import { randomHistory } from './history';
import { PAYING_STORIES } from './history/paidByWeight';
import { Random } from './history/random';
import type { PlacedBlock } from './log';
import { Chain } from './model/chain';
import { explanationOf } from './model/explanations';
import type { Fact } from './model/fact';
import type { JsonObject } from './model/json';
import { reconcilable, reconciliationOf, type Scope } from './model/reconciliations';
import { pretend } from './pretend';

const SEED = process.env['ORACLE_SEED'] ?? 'flywheel';
const CHAINS = [31337, 31338];

const EXPLAIN = `query ($id: ID!, $asOf: BlockRef) { explainReward(id: $id, asOf: $asOf) {
  reward { id } expected difference summary
  steps { kind text amount { token { id } amount } formula evidence { eventId } } } }`;
const RECONCILE = `query ($scope: ReconciliationScope!, $id: ID!, $asOf: BlockRef, $after: Cursor) {
  reconcile(scope: $scope, id: $id, asOf: $asOf) {
    scope subject balanced asOf { chainId number } lines { account token { id } debit credit }
    residuals { token { id } amount }
    unexplained(first: 40, after: $after) { totalCount nodes { eventId } pageInfo { hasNextPage endCursor } } } }`;

/** Money over random histories of two chains: each answer equals the plain model's, now and as of past blocks. */
describe(`what rewards are explained by, and what adds up (seed ${SEED})`, () => {
  const blocks = new Map<number, PlacedBlock[]>();
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    for (const chainId of CHAINS) {
      const placed = pretend(
        chainId,
        randomHistory(`${SEED}-money-${chainId}`, { logs: 700, stories: PAYING_STORIES }),
      );
      blocks.set(chainId, placed);
      await commitPlaced(api.database.pool, chainId, placed);
    }
  });
  afterAll(() => api?.close());

  const ask = async (query: string, variables: JsonObject): Promise<JsonObject> => {
    const { data, errors } = await api.ask(query, variables);
    if (errors || !data) throw new Error(`${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1)?.fields)}`);
    return data as JsonObject;
  };

  const folded = new Map<string, Chain>();
  /** The chain's plain fold up to the block. */
  const upTo = (chainId: number, number = Number.MAX_SAFE_INTEGER): Chain => {
    const known = (blocks.get(chainId) ?? []).filter((block) => block.number <= number);
    const key = `${chainId} ${known.length}`;
    const chain = folded.get(key) ?? new Chain(chainId, known);
    folded.set(key, chain);
    return chain;
  };

  const explains = async (chain: Chain, reward: Fact, asOf: JsonObject | null) => {
    const { explainReward } = await ask(EXPLAIN, { id: reward.id('reward'), asOf });
    const { expected, difference, steps } = explainReward as JsonObject;
    const answered = (steps as JsonObject[]).map(({ kind, amount, evidence }) => ({
      kind,
      amount,
      evidence: (evidence as JsonObject[]).map(({ eventId }) => eventId).sort(),
    }));
    const wanted = explanationOf(chain, upTo(chain.chainId, reward.block.number), reward);
    for (const step of wanted.steps) step.evidence.sort();
    expect({ id: reward.id('reward'), expected, difference, steps: answered }).toEqual({
      id: reward.id('reward'),
      ...wanted,
    });
    for (const step of steps as { amount: { amount: string } | null; formula: string | null }[]) {
      if (step.formula === null) continue;
      const value = worked(step.formula);
      if (step.amount) expect(`${step.formula} = ${value}`).toBe(`${step.formula} = ${step.amount.amount}`);
    }
    return wanted.steps;
  };

  const adds = async (chains: Chain[], scope: Scope, id: string, asOf: JsonObject | null) => {
    const wanted = reconciliationOf(chains, scope, id);
    const unexplained: unknown[] = [];
    let answered: JsonObject = {};
    for (let after: unknown = null, more = true; more; ) {
      const { reconcile } = await ask(RECONCILE, { scope, id, asOf, after } as JsonObject);
      answered = reconcile as JsonObject;
      const page = answered['unexplained'] as { totalCount: number; nodes: JsonObject[]; pageInfo: JsonObject };
      expect(page.totalCount).toBe((wanted['unexplained'] as unknown[]).length);
      unexplained.push(...page.nodes.map(({ eventId }) => eventId));
      after = page.pageInfo['endCursor'];
      more = page.pageInfo['hasNextPage'] === true;
    }
    const byAccount = (a: JsonObject, b: JsonObject) => (lineKey(a) < lineKey(b) ? -1 : 1);
    const { asOf: _block, lines, residuals, ...rest } = answered;
    expect({
      ...rest,
      lines: (lines as JsonObject[]).sort(byAccount),
      residuals: (residuals as JsonObject[]).sort((a, b) => (tokenIn(a) < tokenIn(b) ? -1 : 1)),
      unexplained,
    }).toEqual(wanted);
    return wanted;
  };

  it('explains every reward', async () => {
    const kinds = new Set<string>();
    for (const chainId of CHAINS) {
      const chain = upTo(chainId);
      for (const reward of chain.of('RewardAccrued')) {
        for (const { kind } of await explains(chain, reward, null)) kinds.add(kind);
      }
    }
    expect([...kinds].sort()).toEqual(Object.keys(ExplanationKind).sort());
  });

  it('reconciles every inference, pool, account and chain', async () => {
    const chains = CHAINS.map((chainId) => upTo(chainId));
    const unbalanced = new Set<string>();
    for (const [scope, id] of reconcilable(chains)) {
      const { balanced } = await adds(chains, scope, id, null);
      if (balanced === false) unbalanced.add(scope);
    }
    expect([...unbalanced].sort()).toEqual(['ACCOUNT', 'CHAIN', 'INFERENCE', 'POOL']);
  });

  const random = new Random(`${SEED}-past`);
  const some = <Item>(items: readonly Item[], count: number) => random.shuffle([...items]).slice(0, count);

  it('answers the same as of past blocks', async () => {
    for (const chainId of CHAINS) {
      const last = (blocks.get(chainId) ?? []).at(-1)?.number ?? 0;
      for (const share of [0.2, 0.5, 0.8]) {
        const number = Math.floor(last * share) + random.below(3);
        const chain = upTo(chainId, number);
        for (const reward of some(chain.of('RewardAccrued'), 12)) await explains(chain, reward, { number });
        const subjects = reconcilable([chain]).filter(([scope]) => scope !== 'ACCOUNT');
        await adds([chain], 'CHAIN', `chain:${chainId}`, { number });
        for (const [scope, id] of some(subjects, 15)) await adds([chain], scope, id, { number });
      }
    }
  });

  it('knows nothing as of a block before it happened', async () => {
    const [chainId] = CHAINS as [number];
    const reward = upTo(chainId).of('RewardAccrued').at(-1) as Fact;
    const asOf = { number: reward.block.number - 1 };
    expect(await ask(EXPLAIN, { id: reward.id('reward'), asOf })).toEqual({ explainReward: null });
    const settled = [...upTo(chainId).inferences.values()].at(-1) as Fact;
    const id = settled.id('inference').replace(/[^:]+$/, settled.text('inferenceId'));
    const before = { number: settled.block.number - 1 };
    expect(await ask(RECONCILE, { scope: 'INFERENCE', id, asOf: before })).toEqual({ reconcile: null });
  });
});

function tokenIn(item: JsonObject): string {
  return String((item['token'] as JsonObject)['id']);
}

function lineKey(line: JsonObject): string {
  return `${line['account']} ${tokenIn(line)}`;
}

/** What a formula comes to: integers with + - * / %, where * / % go first. */
function worked(formula: string): bigint {
  const [left = '', right] = formula.split(' = ');
  const parts = left.split(' ');
  let [sum, sign, product] = [0n, 1n, BigInt(parts[0] as string)];
  for (let i = 1; i < parts.length; i += 2) {
    const number = BigInt(parts[i + 1] as string);
    if (parts[i] === '*') product *= number;
    else if (parts[i] === '/') product /= number;
    else if (parts[i] === '%') product %= number;
    else {
      sum += sign * product;
      sign = parts[i] === '-' ? -1n : 1n;
      product = number;
    }
  }
  const value = sum + sign * product;
  if (right !== undefined && BigInt(right) !== value) throw new Error(`${formula}: it is ${value}`);
  return value;
}
