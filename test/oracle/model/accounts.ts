import { getAddress } from 'ethers';
import { accountsIn } from './arguments';
import { type Chain, push } from './chain';
import { nameOfCode, ROLES } from './codes';
import { decisionOn } from './contributions';
import { curatorsOf, ownerOf } from './datanets';
import type { Fact } from './fact';
import { accountId, comparePlaces, connections, idOf, type JsonObject, type Place, type Row } from './json';
import { feesLessRefunds } from './models';
import { Purse } from './money';
import { rewardsOf, tokenOfPool } from './rewards';

interface Seen {
  address: string;
  first: Fact;
  last: Fact;
  place: Place;
}

/** Every account of the chains, by its first event and the order of that event's arguments. */
function seen(chains: Chain[]): Seen[] {
  const accounts = new Map<string, Seen>();
  const facts = chains.flatMap((chain) => chain.facts).sort((a, b) => comparePlaces(a.place(), b.place()));
  for (const fact of facts)
    for (const [item, address] of accountsIn(fact).entries()) {
      const account = accounts.get(address);
      if (account) account.last = fact;
      else accounts.set(address, { address, first: fact, last: fact, place: fact.place(item) });
    }
  return [...accounts.values()];
}

/** Accounts of all `chains` together; with one chain only that chain's events count. */
export function accountRows(chains: Chain[]): Row[] {
  return seen(chains).map((account) => accountRow(chains, account));
}

function accountRow(chains: Chain[], { address, first, last, place }: Seen): Row {
  const parts = chains.map((chain) => partOf(chain, address));
  const contributions = parts.flatMap((part) => part.contributions);
  const models = parts.flatMap((part) => part.models);
  const inferences = parts.flatMap((part) => part.inferences);
  const rewards = parts.flatMap((part) => part.rewards);
  const accrued = purse(parts, 'accrued');
  const feesPaid = purse(parts, 'feesPaid');
  const roles = ACCOUNT_ROLES.filter((role) => parts.some((part) => part.roles.has(role)));
  const sum = (field: 'acceptedCount') => parts.reduce((total, part) => total + part[field], 0);
  const credits = (field: 'purchased' | 'consumed') => String(parts.reduce((total, part) => total + part[field], 0n));
  return {
    node: {
      id: accountId(address),
      address: getAddress(address),
      roles,
      contributionCount: contributions.length,
      acceptedCount: sum('acceptedCount'),
      modelCount: models.length,
      inferenceCount: inferences.length,
      feesPaid: feesPaid.json(),
      rewardTotals: {
        accrued: accrued.json(),
        claimed: purse(parts, 'claimed').json(),
        reversed: purse(parts, 'reversed').json(),
        claimable: purse(parts, 'claimable').json(),
      },
      creditsPurchased: credits('purchased'),
      creditsConsumed: credits('consumed'),
      bonds: parts
        .flatMap((part) => part.bonds)
        .sort((a, b) => comparePlaces(a.place, b.place))
        .map(({ node }) => node),
      firstSeen: first.provenance(),
      lastSeen: last.provenance(),
      ...connections({
        reputation: parts.flatMap((part) => part.reputation),
        contributions,
        models,
        inferences,
        rewards,
        claims: parts.flatMap((part) => part.claims),
      }),
    },
    place,
    keys: { role: roles },
    ranges: {},
    orders: { CONTRIBUTIONS: contributions.length, INFERENCES: inferences.length },
    money: { REWARDS: accrued.amounts, FEES_PAID: feesPaid.amounts },
  };
}

const ACCOUNT_ROLES = ['OWNER', 'CURATOR', 'CONTRIBUTOR', 'BUILDER', 'USER', 'STAKER', 'VOTER', 'BENEFICIARY'];

/** What one account did and has on one chain. */
function partOf(chain: Chain, address: string) {
  const entity = (type: string, key: string, fact: Fact, item = 0) => ({
    place: fact.place(item),
    node: { id: idOf(type, chain.chainId, key) },
  });
  const contributions = [...chain.contributions.values()].filter(({ contributor }) => contributor === address);
  const models = having(chain.models, 'builder', address);
  const inferences = having(chain.inferences, 'user', address);
  const claims = chain.where('RewardClaimed', 'beneficiary', address);
  const accruals = chain.where('RewardAccrued', 'beneficiary', address);
  const reversals = chain.where('RewardReversed', 'beneficiary', address);
  const [accrued, claimed, reversed, claimable] = [new Purse(), new Purse(), new Purse(), new Purse()];
  const book = (facts: Fact[], purse: Purse, sign: bigint) => {
    for (const fact of facts) {
      const token = tokenOfPool(chain, fact.text('poolId'));
      purse.add(token, fact.big('amount'));
      claimable.add(token, sign * fact.big('amount'));
    }
  };
  book(accruals, accrued, 1n);
  book(claims, claimed, -1n);
  book(reversals, reversed, -1n);
  return {
    roles: rolesOf(chain, address),
    contributions: contributions.map(({ id, fact, item }) => entity('contribution', String(id), fact, item)),
    acceptedCount: contributions.filter(({ id }) => decisionOn(chain, id).status === 'ACCEPTED').length,
    models: models.map((fact) => entity('model', String(fact.big('modelId')), fact)),
    inferences: inferences.map((fact) => entity('inference', fact.text('inferenceId'), fact)),
    rewards: accruals.map((fact) => ({ place: fact.place(), node: { id: fact.id('reward') } })),
    claims: claims.map((fact) => ({ place: fact.place(), node: { id: fact.id('claim') } })),
    feesPaid: feesLessRefunds(chain, inferences),
    accrued,
    claimed,
    reversed,
    claimable,
    purchased: credits(chain, 'CreditPurchased', address),
    consumed: credits(chain, 'CreditConsumed', address),
    reputation: reputationOf(chain, address),
    bonds: bondsOf(chain, address),
  };
}

type Part = ReturnType<typeof partOf>;

function purse(parts: Part[], field: 'feesPaid' | 'accrued' | 'claimed' | 'reversed' | 'claimable'): Purse {
  const total = new Purse();
  for (const part of parts) for (const [token, amount] of part[field].amounts) total.add(token, amount);
  return total;
}

function having(entities: Map<string, Fact>, name: string, address: string): Fact[] {
  return [...entities.values()].filter((fact) => fact.text(name) === address);
}

function credits(chain: Chain, event: string, user: string): bigint {
  return chain.where(event, 'user', user).reduce((sum, fact) => sum + fact.big('creditAmount'), 0n);
}

/** OWNER and CURATOR are what it is now, the others what it did at least once. */
function rolesOf(chain: Chain, address: string): Set<string> {
  const holders = chain.memo('roles', () => {
    const found = new Map<string, Set<string>>();
    const give = (role: string, holder: string) => {
      const roles = found.get(holder) ?? new Set();
      found.set(holder, roles.add(role));
    };
    for (const datanet of chain.datanets.values()) {
      give('OWNER', ownerOf(chain, datanet));
      for (const curator of curatorsOf(chain, datanet.big('datanetId')))
        if (curator.flag('active')) give('CURATOR', curator.text('curator'));
    }
    for (const { contributor } of chain.contributions.values()) give('CONTRIBUTOR', contributor);
    for (const fact of [...chain.models.values(), ...chain.adapters.values()]) give('BUILDER', fact.text('builder'));
    for (const fact of chain.inferences.values()) give('USER', fact.text('user'));
    for (const event of ['Staked', 'ToppedUp', 'RequestUnstake', 'Unstaked'])
      for (const fact of chain.of(event)) give('STAKER', fact.text('recipient'));
    for (const fact of chain.of('VoteCast')) give('VOTER', fact.text('voter'));
    for (const { fact } of rewardsOf(chain)) give('BENEFICIARY', fact.text('beneficiary'));
    return found;
  });
  return holders.get(address) ?? new Set();
}

/** The latest ReputationChanged of each datanet, created or not. */
function reputationOf(chain: Chain, address: string) {
  const latest = new Map<string, Fact>();
  for (const fact of chain.where('ReputationChanged', 'account', address))
    latest.set(String(fact.big('datanetId')), fact);
  return [...latest].map(([datanetId, fact]) => ({
    place: fact.place(),
    node: {
      chainId: chain.chainId,
      datanetId,
      datanet: chain.datanets.has(datanetId) ? { id: idOf('datanet', chain.chainId, datanetId) } : null,
      score: String(fact.big('score')),
      updatedAt: fact.provenance(),
    },
  }));
}

/** One bond per role code, unknown codes too, in the order in which the codes first came up. */
function bondsOf(chain: Chain, address: string): { place: Place; node: JsonObject }[] {
  const byCode = new Map<string, Fact[]>();
  const facts = [...chain.where('BondChanged', 'account', address), ...chain.where('Slashed', 'account', address)];
  for (const fact of facts.sort((a, b) => a.seq - b.seq)) push(byCode, String(fact.big('role')), fact);
  return [...byCode].map(([code, changes]) => {
    const balance =
      changes
        .filter((fact) => fact.event === 'BondChanged')
        .at(-1)
        ?.big('balance') ?? 0n;
    const slashed = changes
      .filter((fact) => fact.event === 'Slashed')
      .reduce((sum, fact) => sum + fact.big('amount'), 0n);
    const node = {
      chainId: chain.chainId,
      role: nameOfCode(ROLES, BigInt(code)),
      balance: String(balance),
      slashed: String(slashed),
    };
    return { place: (changes[0] as Fact).place(), node };
  });
}
