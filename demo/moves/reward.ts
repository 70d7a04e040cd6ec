import { ON_EMISSIONS_ALONE } from '../catalogue';
import { traitOf } from '../dice';
import type { Datanet, Pool } from '../entities';
import { DAY, type Move, NATIVE, OPEN, type Scene } from '../scene';

const DATANET = 0;
const MODEL = 1;
const STAKING = 3;
const EMISSION = 1;

/** The beneficiary who has waited longest for their taste claims what is theirs in up to three pools of one token. */
export const claim: Move = ({ society, now, pace }) => {
  const claims = society.claims();
  const first = claims.find(
    ({ beneficiary, poolId, since }) => now >= since + pace.claim * (0.15 + 0.85 * traitOf(`${beneficiary} ${poolId}`)),
  );
  if (!first) return [];
  const { beneficiary } = first;
  const token = society.pools.get(first.poolId)!.token;
  const mine = claims.filter(
    (each) => each.beneficiary === beneficiary && society.pools.get(each.poolId)!.token === token,
  );
  const poolIds = mine.slice(0, 3).map(({ poolId }) => poolId);
  return [{ from: beneficiary, contract: 'RewardLedger', method: 'claim', args: [poolIds, beneficiary] }];
};

/** Who gets emissions: the datanet that has nothing else, and a few that have little. */
function emissionRecipients({ society }: Scene): Datanet[] {
  const isPaidByFees = (datanet: Datanet) =>
    [...society.pools.values()].some(
      ({ kind, subjectId, funded }) => kind === DATANET && subjectId === datanet.id && funded.has(0),
    );
  const alive = [...society.datanets.values()].filter(({ accepted }) => accepted.length > 0);
  const needy = alive.filter((datanet) => Number(datanet.id) - 1 === ON_EMISSIONS_ALONE);
  const minor = alive.filter((datanet) => datanet.id > 5n && isPaidByFees(datanet));
  return [...needy, ...minor.slice(0, 3)];
}

/** The schedule: every so often the allocation funds those who need it, a little less each time. */
export const emit: Move = (scene) => {
  const { society, cast, day, now, pace } = scene;
  if (now < society.emittedAt + pace.emit) return [];
  const recipients = emissionRecipients(scene);
  if (recipients.length === 0) return [];
  // In proportion to the size of the society, as its fees are.
  const size = Math.min(1, (cast.contributors.length / 60) ** 2);
  const scale = BigInt(Math.round(1_000 * size * 0.97 ** (day / 7)));
  const amounts = recipients.map(
    ({ id }) => (((Number(id) - 1 === ON_EMISSIONS_ALONE ? 6n : 2n) * OPEN) / 1_000n) * scale,
  );
  const args = [DATANET, recipients.map(({ id }) => id), amounts];
  return [{ from: cast.officers.treasurer, contract: 'EmissionAllocation', method: 'release', args }];
};

/** Pools that are shared out when an epoch is over: those with emissions, and the stakers' of native OPEN. */
function poolsToSettle({ society, now, pace }: Scene): Pool[] {
  return [...society.pools.values()].filter(
    ({ kind, token, available, funded, settledAt }) =>
      token === NATIVE &&
      available > 1_000_000n &&
      now >= settledAt + pace.emit * 0.9 &&
      (kind === STAKING || (kind === DATANET && funded.has(EMISSION))),
  );
}

/** Shares out what one pool holds, for the latest epoch of it that is over and not settled. */
export const settleEpoch: Move = (scene) => {
  const { society, cast, dice, now } = scene;
  const pool = dice.pick(poolsToSettle(scene));
  if (!pool) return [];
  const today = Math.floor(now / DAY);
  let epoch = today - 1;
  while (society.isEpochSettled(pool.id, epoch) && epoch > today - 60) epoch--;
  const shares = pool.kind === STAKING ? sharesOfStakers(scene, pool) : sharesOfDatanet(scene, pool);
  if (shares.length === 0 || society.isEpochSettled(pool.id, epoch)) return [];
  const args = [pool.id, epoch, shares];
  return [{ from: cast.officers.epochSettler, contract: 'RewardLedger', method: 'settleEpoch', args }];
};

type Share = [beneficiary: string, role: number, contributionId: bigint, amount: bigint];

function sharesOfStakers({ society }: Scene, pool: Pool): Share[] {
  const total = [...society.stakes.values()].reduce((sum, stake) => sum + stake, 0n);
  return [...society.stakes]
    .map(([staker, stake]): Share => [staker, 2, 0n, total === 0n ? 0n : (pool.available * stake) / total])
    .filter(([, , , amount]) => amount > 0n);
}

/** A tenth to the curators, the rest to a few accepted contributions, new ones first; dust is carried on. */
function sharesOfDatanet({ society, dice }: Scene, pool: Pool): Share[] {
  const { accepted, curators } = society.datanets.get(pool.subjectId)!;
  const latest = accepted.slice(-12).filter(() => dice.chance(0.6));
  if (latest.length === 0) return [];
  const forCurators = pool.available / 10n;
  const each = ((pool.available - forCurators) * 95n) / 100n / BigInt(latest.length);
  return [
    ...latest.map(({ contributor, id }): Share => [contributor, 0, id, each]),
    ...[...curators.keys()].map((curator): Share => [curator, 4, 0n, forCurators / BigInt(curators.size)]),
  ];
}

/** A model's adapter builders get what was granted to it. */
export const settleModel: Move = ({ society, cast, now, dice }) => {
  const pool = [...society.pools.values()].find(
    ({ kind, available, token }) => kind === MODEL && token === NATIVE && available >= OPEN,
  );
  const epoch = Math.floor(now / DAY) - 1;
  if (!pool || society.isEpochSettled(pool.id, epoch)) return [];
  const builders = society.adapterBuilders.get(pool.subjectId);
  const builder = builders && dice.pick([...builders]);
  if (!builder) return [];
  const shares: Share[] = [[builder, 5, 0n, pool.available / 2n]];
  const args = [pool.id, epoch, shares];
  return [{ from: cast.officers.epochSettler, contract: 'RewardLedger', method: 'settleEpoch', args }];
};

/** A patron gives to a datanet that is paid already, or to a model whose adapters should be paid. */
export const grant: Move = ({ society, cast, dice, day }) => {
  const patron = dice.pick(cast.users.filter(({ joinsOn }) => joinsOn <= day));
  if (!patron) return [];
  const value = OPEN * BigInt(dice.between(1, 2));
  const by = (kind: number, subjectId: bigint) => {
    const args = [kind, subjectId, NATIVE, value];
    return [{ from: patron.address, contract: 'RewardLedger' as const, method: 'grant', args, value }];
  };
  const withAdapters = [...society.models.values()].filter(({ adapterIds }) => adapterIds.length > 0);
  const model = dice.chance(0.6) ? dice.pick(withAdapters) : undefined;
  if (model) return by(MODEL, model.id);
  const funded = [...society.pools.values()].filter(
    ({ kind, token, funded: by }) => kind === DATANET && token === NATIVE && by.has(EMISSION),
  );
  const pool = dice.pick(funded.filter(({ subjectId }) => Number(subjectId) - 1 !== ON_EMISSIONS_ALONE));
  return pool ? by(DATANET, pool.subjectId) : [];
};

/** Stakers add to their stake, or take some back. */
export const stake: Move = ({ society, cast, dice, now }) => {
  const staker = dice.pick(cast.stakers)!;
  const has = society.stakes.get(staker) ?? 0n;
  const contract = 'RiskLedger' as const;
  const stakedAt = society.stakedAt.get(staker) ?? 0;
  if (has > 40n * OPEN && dice.chance(0.25) && now > stakedAt + 1.1 * DAY) {
    return [{ from: staker, contract, method: 'withdrawBond', args: [2, has / 10n] }];
  }
  const value = OPEN * BigInt(dice.skewed(5, 60));
  return [{ from: staker, contract, method: 'postBond', args: [2, value], value }];
};
