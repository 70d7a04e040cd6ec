import { at, type Dice, diceOf, type LoopEvent, NO_REF, OPEN, person, poolId, TOKEN } from './cast';

const DATANETS = 100;
const MODELS = 40;
const CONTRIBUTORS = 2_000;
const CURATORS = 50;
const USERS = 1_000;
const FEE = OPEN / 50n;
/** More than this many pairs of pool and account wait for a claim at most: of those before, somebody claims. */
const WAITING_CLAIMS = 2_000;

interface Contribution {
  id: bigint;
  datanetId: bigint;
  contributor: string;
}

/**
 * Stories of a working economy, without end; the events of one belong into one transaction. They refer to each other as
 * the contracts' would (only what was accepted earns, nobody claims more than accrued, parts of a fee sum to it), and
 * are the same in every run. Most of it is use, attribution and reward, as on a chain that works.
 */
export function* loopEvents(): Generator<LoopEvent[]> {
  const economy = new Economy(diceOf(1));
  const { dice } = economy;
  yield* economy.setUp();
  for (;;) {
    yield dice.chance(0.2) ? economy.contributeBatch() : economy.contribute();
    for (let i = 1 + dice.below(2); i > 0; i--) yield economy.use();
    for (let i = dice.below(4); i > 0; i--) {
      const claim = economy.claim();
      if (claim) yield claim;
    }
    if (dice.chance(0.05)) yield economy.train();
    if (dice.chance(0.05)) yield economy.emit();
  }
}

class Economy {
  private readonly accepted: Contribution[] = [];
  private readonly claimable = new Map<string, { pool: string; account: string; amount: bigint }>();
  private submitted = 0n;
  private epoch = 0n;
  private readonly datanetVersions = new Map<bigint, bigint>();
  private readonly modelVersions = new Map<bigint, number>();

  constructor(readonly dice: Dice) {}

  *setUp(): Generator<LoopEvent[]> {
    const pool = (kind: string, code: number, subject: bigint) =>
      at('RewardLedger', 'PoolCreated', poolId(kind, subject), code, subject, TOKEN);
    yield [pool('platform', 2, 0n), pool('staking', 3, 0n)];
    for (let n = 1n; n <= DATANETS; n++) {
      const [creation, document] = [this.dice.hash(), this.dice.hash()];
      const owner = person('owner', Number(n));
      yield [
        at('DatanetRegistry', 'DatanetCreated', n, owner, creation, Number(n) % 5, document, `ipfs://datanet-${n}`),
        pool('datanet', 0, n),
      ];
    }
    for (let n = 1n; n <= MODELS; n++) {
      const builder = person('builder', Number(n));
      yield [
        at('ModelRegistry', 'ModelRegistered', n, builder, 0, this.dice.hash(), `ipfs://model-${n}`),
        pool('model', 1, n),
      ];
    }
  }

  contribute(): LoopEvent[] {
    const id = ++this.submitted;
    const datanetId = this.someDatanet();
    const contributor = this.someContributor();
    const [content, licence] = [this.dice.hash(), this.dice.hash()];
    const size = 48_000 + this.dice.below(1_000_000);
    const uri = `ipfs://contribution-${id}`;
    return [
      at(
        'ContributionRegistry',
        'ContributionSubmitted',
        id,
        datanetId,
        contributor,
        content,
        size,
        licence,
        OPEN,
        uri,
      ),
      ...this.judge({ id, datanetId, contributor }),
    ];
  }

  contributeBatch(): LoopEvent[] {
    const size = 3 + this.dice.below(6);
    const first = this.submitted + 1n;
    this.submitted += BigInt(size);
    const datanetId = this.someDatanet();
    const contributor = this.someContributor();
    const hashes = Array.from({ length: size }, () => this.dice.hash());
    return [
      at('ContributionRegistry', 'ContributionBatchSubmitted', datanetId, contributor, first, hashes, OPEN / 10n),
      ...hashes.flatMap((_, i) => this.judge({ id: first + BigInt(i), datanetId, contributor })),
    ];
  }

  /** An inference is settled, its fee split, what influenced it recorded and rewarded. */
  use(): LoopEvent[] {
    const { dice } = this;
    const inference = dice.hash();
    const modelId = BigInt(dice.favourite(MODELS) + 1);
    const user = person('user', dice.favourite(USERS));
    const chosen = this.someAccepted(2 + dice.below(5));
    const [platform, model, stakers, contributors] = [FEE / 10n, (FEE * 3n) / 10n, FEE / 10n, FEE / 2n];
    const weight = chosen.length === 0 ? 0 : Math.floor(1_000_000 / chosen.length);
    const shares = chosen.map(() => (contributors * BigInt(weight)) / 1_000_000n);
    const byDatanet = new Map<bigint, bigint>();
    chosen.forEach(({ datanetId }, i) => {
      byDatanet.set(datanetId, (byDatanet.get(datanetId) ?? 0n) + shares[i]!);
    });
    const funded = (pool: string, amount: bigint) => at('RewardLedger', 'PoolFunded', pool, 0, inference, user, amount);
    const receipt = [1, 900 + dice.below(4_000), 300, TOKEN, FEE, [], dice.hash()];
    const [leaves, proof] = [dice.hash(), 'ipfs://proof'];
    return [
      at('InferenceLedger', 'InferenceSettled', inference, modelId, user, receipt),
      at('InferenceLedger', 'FeeSplit', inference, platform, model, stakers, contributors),
      funded(poolId('platform', 0n), platform),
      funded(poolId('model', modelId), model),
      funded(poolId('staking', 0n), stakers),
      ...[...byDatanet].map(([datanetId, amount]) => funded(poolId('datanet', datanetId), amount)),
      at('AttributionLedger', 'AttributionCommitted', inference, modelId, this.epoch, 0, leaves, chosen.length, proof),
      ...chosen.map(({ id, datanetId, contributor }) => {
        const influence = BigInt(weight) * 1_000n;
        return at('AttributionLedger', 'InfluenceRecorded', inference, datanetId, id, contributor, influence, weight);
      }),
      this.accrue(poolId('platform', 0n), person('treasury', 0), inference, 3, 0n, platform),
      this.accrue(poolId('model', modelId), person('builder', Number(modelId)), inference, 1, 0n, model),
      ...chosen.map(({ id, datanetId, contributor }, i) =>
        this.accrue(poolId('datanet', datanetId), contributor, inference, 0, id, shares[i]!),
      ),
    ];
  }

  /** Everything that accrued to somebody in one pool; undefined while hardly anything did. */
  claim(): LoopEvent[] | undefined {
    if (this.claimable.size < WAITING_CLAIMS / 10) return undefined;
    // The oldest, or after it one that isn't claimed yet: what is never claimed must not pile up.
    const skip = this.dice.below(Math.min(20, this.claimable.size));
    const keys = this.claimable.keys();
    for (let i = 0; i < skip; i++) keys.next();
    const key = keys.next().value as string;
    const { pool, account, amount } = this.claimable.get(key)!;
    this.claimable.delete(key);
    return [at('RewardLedger', 'RewardClaimed', pool, account, account, amount)];
  }

  train(): LoopEvent[] {
    const modelId = BigInt(this.dice.favourite(MODELS) + 1);
    const version = (this.modelVersions.get(modelId) ?? 0) + 1;
    this.modelVersions.set(modelId, version);
    const datanetId = this.someDatanet();
    const datanetVersion = (this.datanetVersions.get(datanetId) ?? 0n) + 1n;
    this.datanetVersions.set(datanetId, datanetVersion);
    const [root, manifest, runId, config, evaluation, weights] = Array.from({ length: 6 }, () => this.dice.hash());
    const items = this.accepted.length;
    const runner = person('builder', Number(modelId));
    const inputs = [[datanetId, datanetVersion, 1_000_000]];
    return [
      at('DatanetRegistry', 'DatanetVersionPublished', datanetId, datanetVersion, root, items, manifest),
      at('ModelRegistry', 'TrainingRunRecorded', runId, modelId, runner, config, evaluation, inputs),
      at('ModelRegistry', 'ModelVersionPublished', modelId, version, runId, weights, 0),
    ];
  }

  /** An epoch's emission goes into a pool and to contributors. */
  emit(): LoopEvent[] {
    this.epoch++;
    const pool = poolId('datanet', this.someDatanet());
    const amount = OPEN * 6n;
    const paid = new Set(Array.from({ length: 6 }, () => this.someContributor()));
    return [
      at('RewardLedger', 'PoolFunded', pool, 1, NO_REF, person('allocation', 0), amount),
      ...[...paid].map((account) => this.accrue(pool, account, NO_REF, 0, 0n, amount / BigInt(paid.size))),
    ];
  }

  /** A rejected contribution is no one's to influence anything: it never earns. */
  private judge(contribution: Contribution): LoopEvent[] {
    const { dice } = this;
    const score = 200_000 + dice.below(800_000);
    const isAccepted = dice.chance(0.8);
    if (isAccepted) this.accepted.push(contribution);
    const version = this.datanetVersions.get(contribution.datanetId) ?? 0n;
    const curator = person('curator', dice.below(CURATORS));
    const [status, reason] = isAccepted ? [1, 0] : [2, 3];
    return [
      at('ContributionRegistry', 'ContributionScored', contribution.id, curator, 1, score, dice.hash()),
      at('ContributionRegistry', 'ContributionFinalized', contribution.id, status, version + 1n, score, reason),
    ];
  }

  private accrue(pool: string, account: string, ref: string, role: number, contributionId: bigint, amount: bigint) {
    const key = `${pool} ${account}`;
    const waiting = this.claimable.get(key);
    if (waiting) waiting.amount += amount;
    else this.claimable.set(key, { pool, account, amount });
    return at('RewardLedger', 'RewardAccrued', pool, account, ref, role, contributionId, amount, this.epoch);
  }

  private someAccepted(count: number): Contribution[] {
    const { accepted, dice } = this;
    const chosen = new Set<Contribution>();
    if (accepted.length > 0) for (let i = 0; i < count; i++) chosen.add(accepted[dice.favourite(accepted.length)]!);
    return [...chosen];
  }

  private someDatanet(): bigint {
    return BigInt(this.dice.favourite(DATANETS) + 1);
  }

  private someContributor(): string {
    return person('contributor', this.dice.favourite(CONTRIBUTORS));
  }
}
