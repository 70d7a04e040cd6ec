import { id } from 'ethers';
import { demandOf } from '../cast';
import { FEEDBACK } from '../catalogue';
import type { Call } from '../chainWriter';
import { traitOf } from '../dice';
import type { Contribution, Inference, Model } from '../entities';
import { isMissing, type Move, NATIVE, OPEN, type Scene } from '../scene';

const CREDITS_PER_OPEN = 1_000n;
const PPM = 1_000_000;

/** Erratic, but the first models have the most users. */
function popularityOf({ id: modelId }: Model): number {
  return demandOf(Number(modelId) - 1) ** 0.7 * (0.5 + traitOf(`model ${modelId} liked`));
}

/** A user asks a model something, paying with credits (bought first where they don't suffice) or in a token. */
export const infer: Move = (scene) => {
  const { society, cast, dice, day, chosen } = scene;
  const models = [...society.models.values()].filter(
    ({ latestVersion, prices }) => latestVersion > 0 && prices.size > 0,
  );
  const model = dice.weighted(models, popularityOf);
  const user = dice.weighted(cast.users, ({ activity, joinsOn }) => (joinsOn <= day ? activity : 0));
  // What a user has left is known only between blocks: one question each.
  if (!model || !user || chosen.some(({ from, args }) => from === user.address || isOrderOf(user.address, args))) {
    return [];
  }
  const tokens = [...model.prices.keys()].filter((token) => token !== NATIVE);
  const token = user.paysTokens && tokens.length > 0 && dice.chance(0.7) ? dice.pick(tokens)! : NATIVE;
  const tokensIn = dice.skewed(150, 6_000);
  const tokensOut = dice.skewed(60, 2_500);
  const { per1kIn, per1kOut, platformFee } = model.prices.get(token)!;
  const fee = (per1kIn * BigInt(tokensIn) + per1kOut * BigInt(tokensOut)) / 1000n + platformFee;
  const isPrepaid = token === NATIVE && dice.chance(0.94);
  const calls: Call[] = [];
  if (isPrepaid && (society.credits.get(user.address) ?? 0n) < fee * CREDITS_PER_OPEN) {
    const value = OPEN * (fee / OPEN + BigInt(dice.skewed(20, 400)));
    calls.push({ from: user.address, contract: 'CreditManager', method: 'buyCredits', args: [], value });
  }
  const adapterIds = model.adapterIds.length > 0 && dice.chance(0.3) ? [dice.pick(model.adapterIds)!] : [];
  const hold = fee > 0n && (dice.chance(0.05) || isMissing(scene, 'InferenceRefunded'));
  const version = model.latestVersion;
  const order = [
    dice.bytes32(),
    model.id,
    user.address,
    version,
    tokensIn,
    tokensOut,
    token,
    adapterIds,
    dice.bytes32(),
    isPrepaid ? 0 : 1,
    hold,
  ];
  const value = token === NATIVE && !isPrepaid ? fee : 0n;
  calls.push({ from: cast.officers.settler, contract: 'InferenceLedger', method: 'settle', args: [order], value });
  return calls;
};

function isOrderOf(user: string, [order]: readonly unknown[]): boolean {
  return Array.isArray(order) && order[2] === user;
}

/** What was held is paid back, in full or in half, or split after all. */
export const resolveHeld: Move = (scene) => {
  const { society, cast, now, pace } = scene;
  const held = [...society.unsplit].find(({ settledAt }) => now >= settledAt + pace.attribute);
  if (!held) return [];
  const by = (method: string, args: unknown[]): Call => ({
    from: cast.officers.settler,
    contract: 'InferenceLedger',
    method,
    args,
  });
  const fate = traitOf(`${held.id} refunded`);
  if (fate < 0.45 || isMissing(scene, 'InferenceRefunded')) return [by('refund', [held.id, held.fee, 1])];
  if (fate < 0.7) return [by('refund', [held.id, held.fee / 2n, 2]), by('split', [held.id])];
  return [by('split', [held.id])];
};

/** The contributions that an answer of a model may come from: those in the versions that it was trained on. */
function candidatesOf({ society }: Scene, inference: Inference): { contribution: Contribution; weight: number }[] {
  const model = society.models.get(inference.modelId)!;
  return model.inputs.flatMap(({ datanetId, version, weightPpm }) => {
    const { accepted } = society.datanets.get(datanetId)!;
    const trained = accepted.filter(({ datanetVersion }) => datanetVersion <= version);
    return trained.map((contribution) => ({
      contribution,
      // The datanet's weight in the training, shared by its contributions: few are much better than the rest.
      weight: (Number(weightPpm) / trained.length) * (0.05 + traitOf(`${contribution.contentHash} use`) ** 3),
    }));
  });
}

/** Says which contributions an answer came from. One in twelve answers is never attributed. */
export const attribute: Move = (scene) => {
  const { society, cast, dice, now, pace, chosen } = scene;
  for (const inference of society.unattributed) {
    if (!inference.isSplit || now < inference.settledAt + pace.attribute) continue;
    if (chosen.some(({ args }) => args[0] === inference.id)) continue;
    if (traitOf(`${inference.id} attributed`) < 1 / 12) continue;
    const candidates = candidatesOf(scene, inference);
    const causes = new Set<Contribution>();
    const wanted = Math.min(candidates.length, dice.between(1, 4));
    for (let tries = 0; causes.size < wanted && tries < 20; tries++) {
      const next = dice.weighted(candidates, ({ weight }) => weight);
      if (next) causes.add(next.contribution);
    }
    if (causes.size === 0) continue;
    const influences = weigh(scene, [...causes]);
    const bystander = dice.chance(0.12) ? dice.pick(candidates)?.contribution : undefined;
    if (bystander && !causes.has(bystander)) {
      influences.push([bystander.datanetId, bystander.id, BigInt(-dice.between(0, 900)), 0]);
    }
    const method = Number(inference.modelId) % 3;
    const proofURI = `ipfs://bafkrei${inference.id.slice(2, 54)}`;
    const args = [inference.id, method, proofURI, influences];
    return [{ from: cast.officers.attributor, contract: 'AttributionLedger', method: 'attribute', args }];
  }
  return [];
};

/** Influences of random sizes whose weights sum to exactly 1,000,000 ppm. */
function weigh({ dice }: Scene, contributions: Contribution[]): [bigint, bigint, bigint, number][] {
  const parts = contributions.map(() => 0.2 + dice.next());
  const total = parts.reduce((sum, part) => sum + part, 0);
  const weights = parts.map((part) => Math.floor((part / total) * PPM));
  weights[0]! += PPM - weights.reduce((sum, weight) => sum + weight, 0);
  return contributions.map((each, i) => [each.datanetId, each.id, BigInt(weights[i]! * 7), weights[i]!]);
}

/** A second look shifts weight between contributions of one datanet, while nobody has claimed. */
export const revise: Move = ({ society, cast, dice }) => {
  const unclaimed = new Map(society.claims().map((each) => [`${each.poolId} ${each.beneficiary}`, each.amount]));
  const recent = [...society.inferences.values()].slice(-30).reverse();
  const target = recent.find(({ attributedAt, isRevised, influences, token, fee, refunded }) => {
    if (attributedAt === 0 || isRevised || influences.length < 2) return false;
    const [first, second] = influences;
    if (first!.datanetId !== second!.datanetId) return false;
    const pool = [...society.pools.values()].find(
      (each) => each.kind === 0 && each.subjectId === first!.datanetId && each.token === token,
    );
    // Well above what this inference can have brought, so that nothing that is reversed was claimed.
    return influences.every(({ datanetId, contributionId }) => {
      const { contributor, status } = society.contributions.get(contributionId)!;
      const there = pool && datanetId === pool.subjectId ? unclaimed.get(`${pool.id} ${contributor}`) : undefined;
      return status === 1 && (there ?? 0n) >= fee - refunded;
    });
  });
  if (!target) return [];
  const [first, second, ...others] = target.influences;
  const moved = first!.weightPpm / 3n;
  const influences = [
    { ...first!, weightPpm: first!.weightPpm - moved },
    { ...second!, weightPpm: second!.weightPpm + moved },
    ...others,
  ].map(({ datanetId, contributionId, influence, weightPpm }) => [datanetId, contributionId, influence, weightPpm]);
  const args = [target.id, influences, dice.bytes32()];
  return [{ from: cast.officers.attributor, contract: 'AttributionLedger', method: 'revise', args }];
};

/** A user says what an answer was worth. */
export const rate: Move = ({ society, dice }) => {
  const recent = [...society.inferences.values()].slice(-25).filter(({ isRated }) => !isRated);
  const inference = dice.pick(recent);
  if (!inference) return [];
  const liked = traitOf(`model ${inference.modelId} liked`);
  const rating = dice.chance(0.45 + 0.5 * liked) ? dice.between(3, 5) : dice.between(-3, 2);
  const args = [inference.id, rating, id(dice.pick(FEEDBACK)!)];
  return [{ from: inference.user, contract: 'ModelRegistry', method: 'recordFeedback', args }];
};
