import type { Chain } from './chain';
import { nameOfCode, POOL_KINDS, SOURCES } from './codes';
import type { Fact } from './fact';
import { accountId, comparePlaces, idOf, type JsonObject } from './json';
import { receiptOf } from './models';
import { Purse, tokenId } from './money';
import { tokenOfPool } from './rewards';

export type Scope = 'INFERENCE' | 'POOL' | 'ACCOUNT' | 'CHAIN';

/** One side of an entry of the double entry. */
interface Posting {
  fact: Fact;
  account: string;
  token: string;
  debit: bigint;
  credit: bigint;
}

const LEGS = ['platform', 'model', 'stakers', 'contributors'];

/** Every posting of a chain, oldest first. */
function postingsOf(chain: Chain): Posting[] {
  return chain.memo('postings', () => chain.facts.flatMap((fact) => entriesOf(chain, fact)));
}

function entriesOf(chain: Chain, fact: Fact): Posting[] {
  const entry = (token: string, from: string, to: string, amount: bigint): Posting[] => [
    { fact, account: from, token, debit: amount, credit: 0n },
    { fact, account: to, token, debit: 0n, credit: amount },
  ];
  switch (fact.event) {
    case 'InferenceSettled':
    case 'FeeSplit':
    case 'InferenceRefunded': {
      const inferenceId = fact.text('inferenceId');
      const settled = chain.inferences.get(inferenceId);
      if (!settled) return [];
      const { fee, feeToken } = receiptOf(settled);
      const token = tokenId(chain.chainId, feeToken);
      const [user, inference] = [`user:${settled.text('user')}`, `inference:${inferenceId}`];
      if (fact.event === 'InferenceSettled') return fact === settled ? entry(token, user, inference, fee) : [];
      if (fact.event === 'InferenceRefunded') return entry(token, inference, user, fact.big('amount'));
      const latest = chain.where('FeeSplit', 'inferenceId', inferenceId).at(-1);
      return fact === latest ? LEGS.flatMap((leg) => entry(token, inference, `split:${leg}`, fact.big(leg))) : [];
    }
    case 'PoolFunded':
    case 'RewardAccrued':
    case 'RewardReversed':
    case 'RewardClaimed': {
      const poolId = fact.text('poolId');
      const token = tokenOfPool(chain, poolId);
      const pool = `pool:${poolId}`;
      const amount = fact.big('amount');
      if (fact.event === 'PoolFunded') return entry(token, funderOf(chain, fact), pool, amount);
      const rewards = `rewards:${fact.text('beneficiary')}`;
      if (fact.event === 'RewardAccrued') return entry(token, pool, rewards, amount);
      if (fact.event === 'RewardReversed') return entry(token, rewards, pool, amount);
      return entry(token, rewards, `paid:${fact.text('beneficiary')}`, amount);
    }
    default:
      return [];
  }
}

function funderOf(chain: Chain, funding: Fact): string {
  const source = nameOfCode(SOURCES, funding.big('source'));
  if (source !== 'FEE') return `external:${source}`;
  const pool = chain.pools.get(funding.text('poolId'));
  const kind = pool ? nameOfCode(POOL_KINDS, pool.big('kind')) : '';
  const legs: Record<string, string> = {
    DATANET: 'contributors',
    MODEL: 'model',
    PLATFORM: 'platform',
    STAKING: 'stakers',
  };
  return `split:${legs[kind] ?? 'unknown'}`;
}

/** reconcile(scope, id) of what exists, but for its block: whole lists, lines and residuals by account and token. */
export function reconciliationOf(chains: Chain[], scope: Scope, id: string): JsonObject {
  const [, chainId = '', key = ''] = id.split(':');
  const own = chains.filter((chain) => scope === 'ACCOUNT' || chain.chainId === Number(chainId));
  const postings = own.flatMap(postingsOf).filter(inScope(scope, scope === 'ACCOUNT' ? chainId : key));
  const named = scope === 'CHAIN' ? ['user', 'inference', 'pool', 'rewards', 'paid'] : [];
  const lines = sums(postings, ({ account }) => {
    const kind = account.split(':')[0] as string;
    return named.includes(kind) ? kind : account;
  });
  const residuals = new Purse();
  const unexplained: Fact[] = [];
  for (const single of sums(postings, ({ account }) => account)) {
    const amount = residualOf(scope, single);
    if (amount === 0n) continue;
    residuals.add(single.token, amount);
    for (const { fact, account, token, debit, credit } of postings) {
      // Of what is below zero what was taken; of an inference all.
      const taken = credit === 0n && (debit > 0n || isDebit(fact, account));
      if (account === single.account && token === single.token && (account.startsWith('inference:') || taken)) {
        if (!unexplained.includes(fact)) unexplained.push(fact);
      }
    }
  }
  unexplained.sort((a, b) => comparePlaces(b.place(), a.place()));
  return {
    scope,
    subject: id,
    balanced: residuals.amounts.size === 0,
    lines: lines
      .map(({ account, token, debit, credit }) => ({
        account,
        token: { id: token },
        debit: String(debit),
        credit: String(credit),
      }))
      .sort((a, b) => (`${a.account} ${a.token.id}` < `${b.account} ${b.token.id}` ? -1 : 1)),
    residuals: residuals.json(),
    unexplained: unexplained.map((fact) => fact.id('event')),
  };
}

/** Which side an event posts to, where its amount of 0 doesn't say. */
function isDebit(fact: Fact, account: string): boolean {
  const kind = account.split(':')[0];
  if (kind === 'split') return fact.event === 'PoolFunded';
  if (kind === 'pool') return fact.event === 'RewardAccrued';
  return fact.event === 'RewardReversed' || fact.event === 'RewardClaimed';
}

function inScope(scope: Scope, key: string): (posting: Posting) => boolean {
  switch (scope) {
    case 'INFERENCE':
      return ({ fact }) => fact.args['inferenceId'] === key;
    case 'POOL':
      return ({ fact }) => fact.args['poolId'] === key;
    case 'ACCOUNT':
      return ({ account }) => [`user:${key}`, `rewards:${key}`, `paid:${key}`].includes(account);
    case 'CHAIN':
      return () => true;
  }
}

function sums(postings: Posting[], accountOf: (posting: Posting) => string): Omit<Posting, 'fact'>[] {
  const lines = new Map<string, Omit<Posting, 'fact'>>();
  for (const posting of postings) {
    const { token, debit, credit } = posting;
    const account = accountOf(posting);
    const line = lines.get(`${account} ${token}`) ?? { account, token, debit: 0n, credit: 0n };
    lines.set(`${account} ${token}`, { ...line, debit: line.debit + debit, credit: line.credit + credit });
  }
  return [...lines.values()];
}

/** A pool declares its sources itself, so that only the whole chain's splits can be below zero. */
function residualOf(scope: Scope, { account, debit, credit }: Omit<Posting, 'fact'>): bigint {
  const left = credit - debit;
  const kind = account.split(':')[0] as string;
  if (kind === 'inference') return left;
  const judged = scope === 'CHAIN' ? ['split', 'pool', 'rewards'] : ['pool', 'rewards'];
  return judged.includes(kind) && left < 0n ? left : 0n;
}

/** The ids of everything that can be reconciled. */
export function reconcilable(chains: Chain[]): [Scope, string][] {
  const accounts = new Set<string>();
  for (const chain of chains) {
    for (const { account } of postingsOf(chain)) {
      const [kind, key = ''] = account.split(':');
      if (['user', 'rewards', 'paid'].includes(kind as string) && !/^0x0+$/.test(key)) accounts.add(accountId(key));
    }
  }
  return [
    ...chains.flatMap((chain): [Scope, string][] => [
      ['CHAIN', `chain:${chain.chainId}`],
      ...[...chain.inferences.keys()].map((key): [Scope, string] => [
        'INFERENCE',
        idOf('inference', chain.chainId, key),
      ]),
      ...[...chain.pools.keys()].map((key): [Scope, string] => ['POOL', idOf('pool', chain.chainId, key)]),
    ]),
    ...[...accounts].map((id): [Scope, string] => ['ACCOUNT', id]),
  ];
}
