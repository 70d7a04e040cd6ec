import { index, onchainTable, primaryKey } from 'ponder';

export const datanet = onchainTable('datanet', (t) => ({
  datanetId: t.bigint().primaryKey(),
  blockNumber: t.integer().notNull(),
  logIndex: t.integer().notNull(),
  timestamp: t.integer().notNull(),
  txHash: t.hex().notNull(),
  owner: t.hex().notNull(),
  transactionId: t.hex().notNull(),
  dataType: t.integer().notNull(),
  metadataHash: t.hex().notNull(),
  metadataUri: t.text().notNull(),
}));

export const datanetVersion = onchainTable(
  'datanet_version',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    datanetId: t.bigint().notNull(),
    version: t.bigint().notNull(),
    contentRoot: t.hex().notNull(),
    itemCount: t.bigint().notNull(),
    manifestHash: t.hex().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }) }),
);

export const contribution = onchainTable(
  'contribution',
  (t) => ({
    contributionId: t.bigint().primaryKey(),
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    item: t.integer().notNull(),
    datanetId: t.bigint().notNull(),
    contributor: t.hex().notNull(),
    contentHash: t.hex().notNull(),
    sizeBytes: t.bigint(),
    licenseId: t.hex(),
    bond: t.bigint().notNull(),
    uri: t.text(),
  }),
  (table) => ({ byDatanet: index().on(table.datanetId), byContributor: index().on(table.contributor) }),
);

export const contributionScore = onchainTable(
  'contribution_score',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    contributionId: t.bigint().notNull(),
    curator: t.hex().notNull(),
    round: t.integer().notNull(),
    scorePpm: t.integer().notNull(),
    evidenceHash: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }),
    byContribution: index().on(table.contributionId),
  }),
);

export const contributionDecision = onchainTable(
  'contribution_decision',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    contributionId: t.bigint().notNull(),
    status: t.integer().notNull(),
    datanetVersion: t.bigint().notNull(),
    scorePpm: t.integer().notNull(),
    reason: t.integer().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }),
    byContribution: index().on(table.contributionId),
  }),
);

export const model = onchainTable('model', (t) => ({
  modelId: t.bigint().primaryKey(),
  blockNumber: t.integer().notNull(),
  logIndex: t.integer().notNull(),
  timestamp: t.integer().notNull(),
  txHash: t.hex().notNull(),
  builder: t.hex().notNull(),
  parentModelId: t.bigint().notNull(),
  metadataHash: t.hex().notNull(),
  metadataUri: t.text().notNull(),
}));

export const modelVersion = onchainTable(
  'model_version',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    modelId: t.bigint().notNull(),
    version: t.integer().notNull(),
    runId: t.hex().notNull(),
    weightsHash: t.hex().notNull(),
    attributionMethod: t.integer().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }) }),
);

export const trainingRun = onchainTable(
  'training_run',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    runId: t.hex().notNull(),
    modelId: t.bigint().notNull(),
    runner: t.hex().notNull(),
    configHash: t.hex().notNull(),
    evalHash: t.hex().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }) }),
);

export const inference = onchainTable(
  'inference',
  (t) => ({
    inferenceId: t.hex().primaryKey(),
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    modelId: t.bigint().notNull(),
    userAddress: t.hex().notNull(),
    modelVersion: t.integer().notNull(),
    tokensIn: t.bigint().notNull(),
    tokensOut: t.bigint().notNull(),
    feeToken: t.hex().notNull(),
    fee: t.bigint().notNull(),
    outputHash: t.hex().notNull(),
  }),
  (table) => ({ byModel: index().on(table.modelId), byUser: index().on(table.userAddress) }),
);

export const feeSplit = onchainTable(
  'fee_split',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    inferenceId: t.hex().notNull(),
    platform: t.bigint().notNull(),
    model: t.bigint().notNull(),
    stakers: t.bigint().notNull(),
    contributors: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }),
    byInference: index().on(table.inferenceId),
  }),
);

export const attribution = onchainTable(
  'attribution',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    inferenceId: t.hex().notNull(),
    epoch: t.bigint().notNull(),
    method: t.integer().notNull(),
    leavesRoot: t.hex().notNull(),
    leafCount: t.integer().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }),
    byInference: index().on(table.inferenceId),
  }),
);

export const influence = onchainTable(
  'influence',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    inferenceId: t.hex().notNull(),
    datanetId: t.bigint().notNull(),
    contributionId: t.bigint().notNull(),
    contributor: t.hex().notNull(),
    influence: t.bigint().notNull(),
    weightPpm: t.integer().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }),
    byInference: index().on(table.inferenceId),
    byContribution: index().on(table.contributionId),
  }),
);

export const pool = onchainTable('pool', (t) => ({
  poolId: t.hex().primaryKey(),
  blockNumber: t.integer().notNull(),
  logIndex: t.integer().notNull(),
  timestamp: t.integer().notNull(),
  txHash: t.hex().notNull(),
  kind: t.integer().notNull(),
  subjectId: t.bigint().notNull(),
  token: t.hex().notNull(),
}));

export const poolFunding = onchainTable(
  'pool_funding',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    poolId: t.hex().notNull(),
    source: t.integer().notNull(),
    ref: t.hex().notNull(),
    funder: t.hex().notNull(),
    amount: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }),
    byPool: index().on(table.poolId),
  }),
);

export const reward = onchainTable(
  'reward',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    poolId: t.hex().notNull(),
    beneficiary: t.hex().notNull(),
    ref: t.hex().notNull(),
    role: t.integer().notNull(),
    contributionId: t.bigint().notNull(),
    amount: t.bigint().notNull(),
    epoch: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }),
    byPool: index().on(table.poolId),
    byBeneficiary: index().on(table.beneficiary),
    byRef: index().on(table.ref),
  }),
);

export const claim = onchainTable(
  'claim',
  (t) => ({
    blockNumber: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    timestamp: t.integer().notNull(),
    txHash: t.hex().notNull(),
    poolId: t.hex().notNull(),
    beneficiary: t.hex().notNull(),
    recipient: t.hex().notNull(),
    amount: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.blockNumber, table.logIndex] }),
    byPool: index().on(table.poolId),
    byBeneficiary: index().on(table.beneficiary),
  }),
);

export const poolTotal = onchainTable('pool_total', (t) => ({
  poolId: t.hex().primaryKey(),
  fee: t.bigint().notNull().default(0n),
  emission: t.bigint().notNull().default(0n),
  granted: t.bigint().notNull().default(0n),
  slashed: t.bigint().notNull().default(0n),
  accrued: t.bigint().notNull().default(0n),
  claimed: t.bigint().notNull().default(0n),
}));

export const accountPool = onchainTable(
  'account_pool',
  (t) => ({
    account: t.hex().notNull(),
    poolId: t.hex().notNull(),
    accrued: t.bigint().notNull().default(0n),
    claimed: t.bigint().notNull().default(0n),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.account, table.poolId] }),
    byAccount: index().on(table.account),
  }),
);

export const datanetTotal = onchainTable('datanet_total', (t) => ({
  datanetId: t.bigint().primaryKey(),
  contributions: t.integer().notNull(),
  bonded: t.bigint().notNull(),
}));
