import { createFakeChain } from '../chain/fakeChain';
import { startFakeNode } from '../chain/fakeNode';
import type { EventLog } from '../oracle/log';
import { type RunningIndex, startIndex } from './runningIndex';

const word = (n: number) => `0x${n.toString(16).padStart(64, '0')}`;
const account = `0x${'a1'.repeat(20)}`;

const contribution = (contributionId: bigint, datanetId: bigint): EventLog => ({
  contract: 'ContributionRegistry',
  event: 'ContributionSubmitted',
  args: {
    contributionId,
    datanetId,
    contributor: account,
    contentHash: word(1),
    sizeBytes: 1n,
    licenseId: word(0),
    bond: 0n,
    uri: '',
  },
});
const reward = (contributionId: bigint): EventLog => ({
  contract: 'RewardLedger',
  event: 'RewardAccrued',
  args: { poolId: word(7), beneficiary: account, ref: word(0), role: 0n, contributionId, amount: 5n, epoch: 0n },
});
const model = (modelId: bigint): EventLog => ({
  contract: 'ModelRegistry',
  event: 'ModelRegistered',
  args: { modelId, builder: account, parentModelId: 0n, metadataHash: word(2), metadataURI: '' },
});
const training = (run: number, modelId: bigint, datanetIds: bigint[]): EventLog => ({
  contract: 'ModelRegistry',
  event: 'TrainingRunRecorded',
  args: {
    runId: word(run),
    modelId,
    runner: account,
    configHash: word(3),
    evalHash: word(4),
    inputs: datanetIds.map((datanetId) => ({ datanetId, datanetVersion: 1n, weightPpm: 1n })),
  },
});

const version = (datanetId: bigint, number: bigint, itemCount: bigint): EventLog => ({
  contract: 'DatanetRegistry',
  event: 'DatanetVersionPublished',
  args: { datanetId, version: number, contentRoot: word(5), itemCount, manifestHash: word(6) },
});

describe('what is created twice counts as its first creation says', () => {
  const chain = createFakeChain();
  let node: Awaited<ReturnType<typeof startFakeNode>>;
  let index: RunningIndex;

  beforeAll(async () => {
    node = await startFakeNode(chain);
    index = await startIndex([chain.config(node.url)]);
  });
  afterAll(async () => {
    await index.close();
    await node.close();
  });

  /** A block of its own, which the indexer takes at once. */
  const indexed = async (...logs: EventLog[]) => {
    chain.mine([logs]);
    await index.reach(chain.chainId, chain.head);
  };
  const read = async <Row extends object>(text: string) => (await index.database.pool.query<Row>(text)).rows;
  const subjects = async () =>
    (await read<{ subject: string }>('select subject_id::text as subject from reward_subject order by pos, kind')).map(
      ({ subject }) => subject,
    );
  const missing = async () => (await read('select from reward_pending where contribution_id is not null')).length;

  it('to rewards of the block that creates it again, in a batch and after it', async () => {
    await indexed(contribution(1n, 10n), contribution(1n, 11n), reward(1n));
    expect(await subjects()).toEqual(['10']);
    await indexed(contribution(1n, 12n), contribution(2n, 20n), reward(1n), reward(2n));
    expect(await subjects()).toEqual(['10', '10', '20']);
    expect(await read('select datanet_id::int as datanet from contribution order by contribution_id')).toEqual([
      { datanet: 10 },
      { datanet: 20 },
    ]);
    expect(await read('select from account')).toHaveLength(1);
  });

  it('to rewards that were before it, in the same block or an earlier one', async () => {
    await indexed(reward(3n), reward(4n), contribution(3n, 30n));
    expect(await subjects()).toEqual(['10', '10', '20', '30']);
    expect(await missing()).toBe(1);
    await indexed(contribution(4n, 40n));
    expect(await subjects()).toEqual(['10', '10', '20', '30', '40']);
    expect(await missing()).toBe(0);
  });

  it('also of a kind whose ids no reward names, and of keys of two parts', async () => {
    const versions = async () =>
      (
        await read<{ said: string }>(`select concat_ws(' ', datanet_id, version, item_count) as said
        from datanet_version order by pos, datanet_id, version`)
      ).map(({ said }) => said);
    await indexed(version(1n, 1n, 5n), version(1n, 2n, 5n));
    await indexed(version(2n, 1n, 5n), version(1n, 2n, 6n), version(1n, 3n, 5n), version(2n, 2n, 5n));
    await indexed(version(3n, 1n, 5n), version(3n, 1n, 6n));
    expect(await versions()).toEqual(['1 1 5', '1 2 5', '2 1 5', '1 3 5', '2 2 5', '3 1 5']);
  });

  it('and a model has each datanet since the first of its runs that named it', async () => {
    const runs = () =>
      read('select datanet_id::int as datanet, block_of(pos)::int as block from model_datanet order by 1');
    await indexed(training(1, 1n, [10n]));
    const { number } = chain.head;
    expect(await runs()).toEqual([]);
    await indexed(model(1n), training(2, 1n, [11n, 10n]));
    await indexed(training(3, 1n, [12n, 11n]), training(4, 1n, [12n]));
    await indexed(training(4, 1n, [13n]));
    expect(await runs()).toEqual([
      { datanet: 10, block: number },
      { datanet: 11, block: number + 1 },
      { datanet: 12, block: number + 2 },
    ]);
  });
});
