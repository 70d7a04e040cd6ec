// What each event becomes: a row of facts, and what it adds to which aggregate.
const events = require('./abi');
const model = require('./model');

const sources = ['fee', 'emission', 'granted', 'slashed'];

/** By topic0: (log, common columns, batch) => void. */
const handlers = new Map();
function on(event, entity, row, more) {
  handlers.set(event.topic, (log, place, batch) => {
    const args = event.decode(log);
    batch.insert(new entity({ id: log.id, ...place, ...row(args) }));
    more?.(args, batch);
  });
}

on(events.DatanetCreated, model.Datanet, (args) => args);
on(events.DatanetVersionPublished, model.DatanetVersion, (args) => args);
on(
  events.ContributionSubmitted,
  model.Contribution,
  (args) => ({ item: 0, ...args }),
  (args, batch) => {
    const total = batch.datanetTotal(args.datanetId);
    total.contributions += 1;
    total.bonded += args.bond;
  },
);
handlers.set(events.ContributionBatchSubmitted.topic, (log, place, batch) => {
  const { datanetId, contributor, firstContributionId, contentHashes, bondEach } =
    events.ContributionBatchSubmitted.decode(log);
  contentHashes.forEach((contentHash, item) => {
    const contributionId = firstContributionId + BigInt(item);
    const row = { item, contributionId, datanetId, contributor, contentHash, bond: bondEach };
    batch.insert(new model.Contribution({ id: `${log.id}-${item}`, ...place, ...row }));
  });
  const total = batch.datanetTotal(datanetId);
  total.contributions += contentHashes.length;
  total.bonded += bondEach * BigInt(contentHashes.length);
});
on(events.ContributionScored, model.ContributionScore, (args) => args);
on(events.ContributionFinalized, model.ContributionDecision, (args) => args);
on(events.ModelRegistered, model.Model, (args) => args);
on(events.ModelVersionPublished, model.ModelVersion, (args) => args);
on(events.TrainingRunRecorded, model.TrainingRun, ({ inputs, ...args }) => args);
on(events.InferenceSettled, model.Inference, ({ inferenceId, modelId, user, receipt }) => {
  const { adapterIds, ...rest } = receipt;
  return { inferenceId, modelId, userAddress: user, ...rest };
});
on(events.FeeSplit, model.FeeSplit, (args) => args);
on(events.AttributionCommitted, model.Attribution, ({ inferenceId, epoch, method, leavesRoot, leafCount }) => ({
  inferenceId,
  epoch,
  method,
  leavesRoot,
  leafCount,
}));
on(events.InfluenceRecorded, model.Influence, (args) => args);
on(events.PoolCreated, model.Pool, (args) => args);
on(
  events.PoolFunded,
  model.PoolFunding,
  (args) => args,
  ({ poolId, source, amount }, batch) => {
    batch.poolTotal(poolId)[sources[source]] += amount;
  },
);
on(
  events.RewardAccrued,
  model.Reward,
  (args) => args,
  ({ poolId, beneficiary, amount }, batch) => {
    batch.poolTotal(poolId).accrued += amount;
    batch.accountPool(beneficiary, poolId).accrued += amount;
  },
);
on(
  events.RewardClaimed,
  model.Claim,
  ({ poolId, beneficiary, to, amount }) => ({ poolId, beneficiary, recipient: to, amount }),
  ({ poolId, beneficiary, amount }, batch) => {
    batch.poolTotal(poolId).claimed += amount;
    batch.accountPool(beneficiary, poolId).claimed += amount;
  },
);

exports.handlers = handlers;
