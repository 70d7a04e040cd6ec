import { type Context, type Event, ponder } from 'ponder:registry';
import {
  accountPool,
  attribution,
  claim,
  contribution,
  contributionDecision,
  contributionScore,
  datanet,
  datanetTotal,
  datanetVersion,
  feeSplit,
  inference,
  influence,
  model,
  modelVersion,
  pool,
  poolFunding,
  poolTotal,
  reward,
  trainingRun,
} from 'ponder:schema';

const sources = ['fee', 'emission', 'granted', 'slashed'] as const;

function placeOf({ block, log, transaction }: Event) {
  return {
    blockNumber: Number(block.number),
    logIndex: log.logIndex,
    timestamp: Number(block.timestamp),
    txHash: transaction.hash,
  };
}

ponder.on('DatanetRegistry:DatanetCreated', async ({ event, context }) => {
  const { metadataURI, ...args } = event.args;
  await context.db.insert(datanet).values({ ...placeOf(event), ...args, metadataUri: metadataURI });
});

ponder.on('DatanetRegistry:DatanetVersionPublished', async ({ event, context }) => {
  await context.db.insert(datanetVersion).values({ ...placeOf(event), ...event.args });
});

ponder.on('ContributionRegistry:ContributionSubmitted', async ({ event, context }) => {
  await context.db.insert(contribution).values({ ...placeOf(event), item: 0, ...event.args });
  await addContributions(context, event.args.datanetId, 1, event.args.bond);
});

ponder.on('ContributionRegistry:ContributionBatchSubmitted', async ({ event, context }) => {
  const { datanetId, contributor, firstContributionId, contentHashes, bondEach } = event.args;
  await context.db.insert(contribution).values(
    contentHashes.map((contentHash, item) => ({
      ...placeOf(event),
      item,
      contributionId: firstContributionId + BigInt(item),
      datanetId,
      contributor,
      contentHash,
      bond: bondEach,
    })),
  );
  await addContributions(context, datanetId, contentHashes.length, bondEach * BigInt(contentHashes.length));
});

async function addContributions(context: Context, datanetId: bigint, contributions: number, bonded: bigint) {
  await context.db
    .insert(datanetTotal)
    .values({ datanetId, contributions, bonded })
    .onConflictDoUpdate((row) => ({
      contributions: row.contributions + contributions,
      bonded: row.bonded + bonded,
    }));
}

ponder.on('ContributionRegistry:ContributionScored', async ({ event, context }) => {
  await context.db.insert(contributionScore).values({ ...placeOf(event), ...event.args });
});

ponder.on('ContributionRegistry:ContributionFinalized', async ({ event, context }) => {
  await context.db.insert(contributionDecision).values({ ...placeOf(event), ...event.args });
});

ponder.on('ModelRegistry:ModelRegistered', async ({ event, context }) => {
  const { metadataURI, ...args } = event.args;
  await context.db.insert(model).values({ ...placeOf(event), ...args, metadataUri: metadataURI });
});

ponder.on('ModelRegistry:ModelVersionPublished', async ({ event, context }) => {
  await context.db.insert(modelVersion).values({ ...placeOf(event), ...event.args });
});

ponder.on('ModelRegistry:TrainingRunRecorded', async ({ event, context }) => {
  const { runId, modelId, runner, configHash, evalHash } = event.args;
  await context.db.insert(trainingRun).values({ ...placeOf(event), runId, modelId, runner, configHash, evalHash });
});

ponder.on('InferenceLedger:InferenceSettled', async ({ event, context }) => {
  const { inferenceId, modelId, user, receipt } = event.args;
  const { modelVersion: version, tokensIn, tokensOut, feeToken, fee, outputHash } = receipt;
  await context.db.insert(inference).values({
    ...placeOf(event),
    inferenceId,
    modelId,
    userAddress: user,
    modelVersion: version,
    tokensIn,
    tokensOut,
    feeToken,
    fee,
    outputHash,
  });
});

ponder.on('InferenceLedger:FeeSplit', async ({ event, context }) => {
  await context.db.insert(feeSplit).values({ ...placeOf(event), ...event.args });
});

ponder.on('AttributionLedger:AttributionCommitted', async ({ event, context }) => {
  const { inferenceId, epoch, method, leavesRoot, leafCount } = event.args;
  await context.db.insert(attribution).values({ ...placeOf(event), inferenceId, epoch, method, leavesRoot, leafCount });
});

ponder.on('AttributionLedger:InfluenceRecorded', async ({ event, context }) => {
  await context.db.insert(influence).values({ ...placeOf(event), ...event.args });
});

ponder.on('RewardLedger:PoolCreated', async ({ event, context }) => {
  await context.db.insert(pool).values({ ...placeOf(event), ...event.args });
});

ponder.on('RewardLedger:PoolFunded', async ({ event, context }) => {
  const { poolId, source, amount } = event.args;
  await context.db.insert(poolFunding).values({ ...placeOf(event), ...event.args });
  const column = sources[source]!;
  await context.db
    .insert(poolTotal)
    .values({ poolId, [column]: amount })
    .onConflictDoUpdate((row) => ({ [column]: row[column] + amount }));
});

ponder.on('RewardLedger:RewardAccrued', async ({ event, context }) => {
  const { poolId, beneficiary, amount } = event.args;
  await context.db.insert(reward).values({ ...placeOf(event), ...event.args });
  await context.db
    .insert(poolTotal)
    .values({ poolId, accrued: amount })
    .onConflictDoUpdate((row) => ({ accrued: row.accrued + amount }));
  await context.db
    .insert(accountPool)
    .values({ account: beneficiary, poolId, accrued: amount })
    .onConflictDoUpdate((row) => ({ accrued: row.accrued + amount }));
});

ponder.on('RewardLedger:RewardClaimed', async ({ event, context }) => {
  const { poolId, beneficiary, to, amount } = event.args;
  await context.db.insert(claim).values({ ...placeOf(event), poolId, beneficiary, recipient: to, amount });
  await context.db
    .insert(poolTotal)
    .values({ poolId, claimed: amount })
    .onConflictDoUpdate((row) => ({ claimed: row.claimed + amount }));
  await context.db
    .insert(accountPool)
    .values({ account: beneficiary, poolId, claimed: amount })
    .onConflictDoUpdate((row) => ({ claimed: row.claimed + amount }));
});
