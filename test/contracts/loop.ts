import { id } from 'ethers';
import { NATIVE, named, OPEN, type Person, type World, word, ZERO_HASH } from './world';

/** Steps of the loop that several tests walk: a datanet, contributions to it, a model trained on it, an inference. */

export const PRICE = { per1kIn: 2n * OPEN, per1kOut: 6n * OPEN, platformFee: OPEN / 10n };

/** Alice founds a datanet and curates it with Bob (weights 2 and 1). */
export async function foundDatanet(world: World, owner: Person = 'alice'): Promise<bigint> {
  const created = await world.send(owner, 'DatanetRegistry', 'createDatanet', [ZERO_HASH, 0, id('{}'), 'data:,{}']);
  const { datanetId } = named(created, 'DatanetCreated')[0] as { datanetId: bigint };
  await world.send(owner, 'DatanetRegistry', 'setCurator', [datanetId, world.account.alice, true, 2]);
  await world.send(owner, 'DatanetRegistry', 'setCurator', [datanetId, world.account.bob, true, 1]);
  return datanetId;
}

export async function contribute(world: World, who: Person, datanetId: bigint, content: string): Promise<bigint> {
  const args = [datanetId, id(content), 1_000, id('CC-BY-4.0'), OPEN, 'ipfs://x'];
  const events = await world.send(who, 'ContributionRegistry', 'submit', args, OPEN);
  return (named(events, 'ContributionSubmitted')[0] as { contributionId: bigint }).contributionId;
}

/** Alice scores and finalizes. */
export async function decide(world: World, contributionIds: bigint[], scorePpm = 900_000) {
  const scores = contributionIds.map(() => scorePpm);
  await world.send('alice', 'ContributionRegistry', 'score', [contributionIds, 1, scores, id('evidence')]);
  return world.send('alice', 'ContributionRegistry', 'finalize', [contributionIds]);
}

/** Dave publishes a version of every datanet named, trains a model on them in equal parts and prices it in `token`. */
export async function buildModel(world: World, datanetIds: bigint[], token = NATIVE): Promise<bigint> {
  for (const datanetId of datanetIds) {
    await world.send('alice', 'DatanetRegistry', 'publishVersion', [datanetId, id('root'), 10, id('manifest')]);
  }
  const registered = await world.send('dave', 'ModelRegistry', 'registerModel', [0, id('{}'), 'data:,{}']);
  const { modelId } = named(registered, 'ModelRegistered')[0] as { modelId: bigint };
  const runId = id(`run of ${modelId}`);
  const even = Math.floor(1_000_000 / datanetIds.length);
  const inputs = datanetIds.map((datanetId, i) => [
    datanetId,
    1,
    i === 0 ? 1_000_000 - even * (datanetIds.length - 1) : even,
  ]);
  await world.send('dave', 'ModelRegistry', 'recordTrainingRun', [runId, modelId, id('config'), id('eval'), inputs]);
  await world.send('dave', 'ModelRegistry', 'publishVersion', [modelId, runId, id('weights'), 0]);
  const { per1kIn, per1kOut, platformFee } = PRICE;
  await world.send('dave', 'ModelRegistry', 'setPrice', [modelId, token, per1kIn, per1kOut, platformFee]);
  return modelId;
}

export async function setFeeParams(world: World, platform = 1_000, model = 3_000, stakers = 1_000) {
  const effectiveAt = (await world.now()) + 60;
  const params = [platform, model, stakers, 10_000 - platform - model - stakers, effectiveAt];
  const events = await world.send('deployer', 'InferenceLedger', 'setFeeParams', [params]);
  await world.skip(60);
  return events;
}

export interface OrderOptions {
  modelId: bigint;
  number: number;
  tokensIn?: number;
  tokensOut?: number;
  token?: string;
  adapterIds?: bigint[];
  payment?: 'credits' | 'direct';
  hold?: boolean;
}

/** An order of Erin's, as InferenceLedger.settle takes it, and its fee by PRICE. */
export function orderOf(world: World, options: OrderOptions) {
  const { modelId, number, tokensIn = 1_234, tokensOut = 567, token = NATIVE, adapterIds = [], hold = false } = options;
  const payment = options.payment === 'direct' ? 1 : 0;
  const inferenceId = word(number);
  const { erin } = world.account;
  const fee = (PRICE.per1kIn * BigInt(tokensIn) + PRICE.per1kOut * BigInt(tokensOut)) / 1000n + PRICE.platformFee;
  const order = [
    inferenceId,
    modelId,
    erin,
    1,
    tokensIn,
    tokensOut,
    token,
    adapterIds,
    id(`output ${number}`),
    payment,
    hold,
  ];
  return { inferenceId, order, fee };
}

/** A world with fee parameters, credits of Erin's, a datanet of two accepted contributions and a model trained on it. */
export async function startLoop(world: World) {
  await setFeeParams(world);
  await world.send('erin', 'CreditManager', 'buyCredits', [], 1_000n * OPEN);
  const datanetId = await foundDatanet(world);
  const first = await contribute(world, 'carol', datanetId, 'first');
  const second = await contribute(world, 'frank', datanetId, 'second');
  await decide(world, [first, second]);
  const modelId = await buildModel(world, [datanetId]);
  return { datanetId, first, second, modelId };
}
