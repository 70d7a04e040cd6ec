import { id, toBeHex } from 'ethers';

/** An event of the loop, by the names of the profiles. Structs are lists in the order of their fields. */
export interface LoopEvent {
  contract: string;
  event: string;
  values: readonly unknown[];
}

const DATANETS = 40;
const MODELS = 20;
const CONTRIBUTORS = 400;
const USERS = 300;
const TOKEN = `0x${'0'.repeat(40)}`;
const NO_REF = `0x${'0'.repeat(64)}`;
const OPEN = 10n ** 18n;
const FEE = OPEN / 50n;

/**
 * Events of a working economy, story by story, without end. They come in about the shares that the demo's history has
 * (of 5,000: 867 rewards, 747 fundings, 471 bonds, 366 influences, 330 scores, 320 claims, 229 decisions, 161
 * inferences, ...), refer to each other as the contracts' would, and are the same in every run.
 */
export function* loopEvents(): Generator<LoopEvent[]> {
  const random = seeded(1);
  const below = (n: number) => Math.floor(random() * n);
  /** Small numbers much more often: a few datanets and people do most of it. */
  const favourite = (n: number) => Math.floor(random() ** 2 * n);
  const contributions: { id: bigint; datanetId: bigint; contributor: string }[] = [];
  let inferences = 0;
  let epoch = 0n;
  let versions = 1n;
  let bonded = 0n;

  yield [...setUp()];
  for (;;) {
    yield contribute();
    for (let i = below(3); i > 0; i--) yield use();
    if (random() < 0.45) yield claim();
    if (random() < 0.3) yield claim();
    if (random() < 0.25) yield train();
    if (random() < 0.1) yield settleEpoch();
  }

  function contribute(): LoopEvent[] {
    const number = BigInt(contributions.length + 1);
    const datanetId = BigInt(favourite(DATANETS) + 1);
    const contributor = person('contributor', favourite(CONTRIBUTORS));
    const curator = person('curator', below(30));
    const accepted = random() < 0.8;
    const score = 200_000 + below(800_000);
    if (accepted) contributions.push({ id: number, datanetId, contributor });
    else contributions.push({ id: number, datanetId, contributor: person('contributor', 0) });
    bonded += OPEN;
    const ref = word(number);
    return [
      at('RiskLedger', 'BondChanged', contributor, 0, ref, OPEN, bonded),
      at(
        'ContributionRegistry',
        'ContributionSubmitted',
        number,
        datanetId,
        contributor,
        id(`content ${number}`),
        48_000 + below(1_000_000),
        id('licence'),
        OPEN,
        `ipfs://contribution-${number}`,
      ),
      at('ContributionRegistry', 'ContributionScored', number, curator, 1, score, id(`evidence ${number}`)),
      at(
        'ContributionRegistry',
        'ContributionScored',
        number,
        person('curator', below(30)),
        1,
        score + 1_000,
        id(`evidence b ${number}`),
      ),
      at('ContributionRegistry', 'ContributionFinalized', number, accepted ? 1 : 2, versions, score, accepted ? 0 : 3),
      at('RiskLedger', 'BondChanged', contributor, 0, ref, -OPEN, bonded - OPEN),
      at('RiskLedger', 'ReputationChanged', contributor, datanetId, ref, accepted ? 10 : -20, accepted ? 110 : 80),
    ];
  }

  function use(): LoopEvent[] {
    const inference = id(`inference ${inferences++}`);
    const modelId = BigInt(favourite(MODELS) + 1);
    const user = person('user', favourite(USERS));
    const parts = contributions.length === 0 ? 0 : 1 + below(4);
    const chosen = Array.from({ length: parts }, () => contributions[favourite(contributions.length)]!);
    const leg = FEE / 2n;
    const funded = (pool: string, amount: bigint) => at('RewardLedger', 'PoolFunded', pool, 0, inference, user, amount);
    const weight = Math.floor(1_000_000 / Math.max(1, parts));
    return [
      at('InferenceLedger', 'CreditConsumed', user, inference, FEE),
      at('InferenceLedger', 'InferenceSettled', inference, modelId, user, [
        1,
        900 + below(4_000),
        300,
        TOKEN,
        FEE,
        [modelId],
        id('output'),
      ]),
      at('InferenceLedger', 'FeeSplit', inference, FEE / 10n, (FEE * 3n) / 10n, FEE / 10n, leg),
      funded(pool('platform', 0n), FEE / 10n),
      funded(pool('model', modelId), (FEE * 3n) / 10n),
      funded(pool('staking', 0n), FEE / 10n),
      at(
        'RewardLedger',
        'RewardAccrued',
        pool('platform', 0n),
        person('treasury', 0),
        inference,
        3,
        0,
        FEE / 10n,
        epoch,
      ),
      at(
        'RewardLedger',
        'RewardAccrued',
        pool('model', modelId),
        person('builder', Number(modelId)),
        inference,
        1,
        0,
        (FEE * 3n) / 10n,
        epoch,
      ),
      at(
        'AttributionLedger',
        'AttributionCommitted',
        inference,
        modelId,
        epoch,
        0,
        id('leaves'),
        parts,
        'ipfs://proof',
      ),
      ...chosen.map((c) =>
        at(
          'AttributionLedger',
          'InfluenceRecorded',
          inference,
          c.datanetId,
          c.id,
          c.contributor,
          BigInt(weight) * 1_000n,
          weight,
        ),
      ),
      ...chosen.map((c) => funded(pool('datanet', c.datanetId), leg / BigInt(parts))),
      ...chosen.map((c) =>
        at(
          'RewardLedger',
          'RewardAccrued',
          pool('datanet', c.datanetId),
          c.contributor,
          inference,
          0,
          c.id,
          leg / BigInt(parts),
          epoch,
        ),
      ),
      ...(random() < 0.2
        ? [at('ModelRegistry', 'FeedbackRecorded', inference, modelId, user, 3 + below(3), id('fine'))]
        : []),
    ];
  }

  function claim(): LoopEvent[] {
    const datanetId = BigInt(favourite(DATANETS) + 1);
    const contributor = person('contributor', favourite(CONTRIBUTORS));
    const amount = BigInt(1 + below(1_000_000)) * 10n ** 9n;
    return [
      at('RewardLedger', 'RewardClaimed', pool('datanet', datanetId), contributor, contributor, amount),
      at('OpenToken', 'Transfer', person('vault', 0), contributor, amount),
    ];
  }

  function train(): LoopEvent[] {
    const modelId = BigInt(favourite(MODELS) + 1);
    versions++;
    const runId = id(`run ${versions}`);
    const inputs = [0, 1, 2].map((i) => [BigInt(((Number(modelId) * 3 + i) % DATANETS) + 1), versions, 333_333]);
    return [
      at(
        'DatanetRegistry',
        'DatanetVersionPublished',
        inputs[0]![0],
        versions,
        id(`root ${versions}`),
        contributions.length,
        id('manifest'),
      ),
      at(
        'ModelRegistry',
        'TrainingRunRecorded',
        runId,
        modelId,
        person('builder', Number(modelId)),
        id('config'),
        id('eval'),
        inputs,
      ),
      at('ModelRegistry', 'ModelVersionPublished', modelId, Number(versions), runId, id(`weights ${versions}`), 0),
    ];
  }

  function settleEpoch(): LoopEvent[] {
    epoch++;
    const datanetId = BigInt(favourite(DATANETS) + 1);
    const into = pool('datanet', datanetId);
    const amount = OPEN * 10n;
    const paid = Array.from({ length: 6 }, () => person('contributor', favourite(CONTRIBUTORS)));
    return [
      at('RewardLedger', 'PoolFunded', into, 1, NO_REF, person('allocation', 0), amount),
      ...paid.map((account) => at('RewardLedger', 'RewardAccrued', into, account, NO_REF, 0, 0, amount / 6n, epoch)),
      at('RewardLedger', 'EpochSettled', into, epoch, 0, amount, 0),
    ];
  }
}

function* setUp(): Generator<LoopEvent> {
  yield at('InferenceLedger', 'FeeParamsSet', 1_000, 3_000, 1_000, 5_000, 0);
  yield at('RewardLedger', 'PoolCreated', pool('platform', 0n), 2, 0, TOKEN);
  yield at('RewardLedger', 'PoolCreated', pool('staking', 0n), 3, 0, TOKEN);
  for (let n = 1n; n <= DATANETS; n++) {
    const owner = person('owner', Number(n));
    yield at(
      'DatanetRegistry',
      'DatanetCreated',
      n,
      owner,
      id(`creation ${n}`),
      0,
      id(`document ${n}`),
      `ipfs://datanet-${n}`,
    );
    yield at('DatanetRegistry', 'CuratorSet', n, person('curator', Number(n) % 30), true, 100);
    yield at('RewardLedger', 'PoolCreated', pool('datanet', n), 0, n, TOKEN);
  }
  for (let n = 1n; n <= MODELS; n++) {
    const builder = person('builder', Number(n));
    yield at('ModelRegistry', 'ModelRegistered', n, builder, 0, id(`model document ${n}`), `ipfs://model-${n}`);
    yield at('ModelRegistry', 'AdapterRegistered', n, n, builder, 1, NO_REF, id(`adapter ${n}`));
    yield at('ModelRegistry', 'PriceSet', n, TOKEN, FEE, FEE, 0);
    yield at('RewardLedger', 'PoolCreated', pool('model', n), 1, n, TOKEN);
  }
}

function at(contract: string, event: string, ...values: unknown[]): LoopEvent {
  return { contract, event, values };
}

const remembered = new Map<string, string>();
function hashOf(text: string): string {
  let hash = remembered.get(text);
  if (!hash) {
    hash = id(text);
    remembered.set(text, hash);
  }
  return hash;
}
const person = (kind: string, n: number) => `0x${hashOf(`${kind} ${n}`).slice(26)}`;
const pool = (kind: string, subject: bigint) => hashOf(`pool ${kind} ${subject}`);
const word = (value: bigint) => toBeHex(value, 32);

/** mulberry32: the same numbers in [0, 1) for the same seed, everywhere. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
