// The events that make rows, as squid-evm-typegen generates them from an ABI.
const { event, indexed, keccak256 } = require('@subsquid/evm-abi');
const {
  address,
  array,
  bytes32,
  int256,
  string,
  struct,
  uint8,
  uint32,
  uint64,
  uint256,
} = require('@subsquid/evm-codec');

function declare(signature, args) {
  return event(`0x${keccak256(signature).toString('hex')}`, signature, args);
}

exports.DatanetCreated = declare('DatanetCreated(uint256,address,bytes32,uint8,bytes32,string)', {
  datanetId: indexed(uint256),
  owner: indexed(address),
  transactionId: indexed(bytes32),
  dataType: uint8,
  metadataHash: bytes32,
  metadataUri: string,
});
exports.DatanetVersionPublished = declare('DatanetVersionPublished(uint256,uint64,bytes32,uint64,bytes32)', {
  datanetId: indexed(uint256),
  version: indexed(uint64),
  contentRoot: bytes32,
  itemCount: uint64,
  manifestHash: bytes32,
});
exports.ContributionSubmitted = declare(
  'ContributionSubmitted(uint256,uint256,address,bytes32,uint64,bytes32,uint256,string)',
  {
    contributionId: indexed(uint256),
    datanetId: indexed(uint256),
    contributor: indexed(address),
    contentHash: bytes32,
    sizeBytes: uint64,
    licenseId: bytes32,
    bond: uint256,
    uri: string,
  },
);
exports.ContributionBatchSubmitted = declare('ContributionBatchSubmitted(uint256,address,uint256,bytes32[],uint256)', {
  datanetId: indexed(uint256),
  contributor: indexed(address),
  firstContributionId: uint256,
  contentHashes: array(bytes32),
  bondEach: uint256,
});
exports.ContributionScored = declare('ContributionScored(uint256,address,uint32,uint32,bytes32)', {
  contributionId: indexed(uint256),
  curator: indexed(address),
  round: indexed(uint32),
  scorePpm: uint32,
  evidenceHash: bytes32,
});
exports.ContributionFinalized = declare('ContributionFinalized(uint256,uint8,uint64,uint32,uint8)', {
  contributionId: indexed(uint256),
  status: indexed(uint8),
  datanetVersion: uint64,
  scorePpm: uint32,
  reason: uint8,
});
exports.ModelRegistered = declare('ModelRegistered(uint256,address,uint256,bytes32,string)', {
  modelId: indexed(uint256),
  builder: indexed(address),
  parentModelId: indexed(uint256),
  metadataHash: bytes32,
  metadataUri: string,
});
exports.ModelVersionPublished = declare('ModelVersionPublished(uint256,uint32,bytes32,bytes32,uint8)', {
  modelId: indexed(uint256),
  version: indexed(uint32),
  runId: indexed(bytes32),
  weightsHash: bytes32,
  attributionMethod: uint8,
});
exports.TrainingRunRecorded = declare(
  'TrainingRunRecorded(bytes32,uint256,address,bytes32,bytes32,(uint256,uint64,uint32)[])',
  {
    runId: indexed(bytes32),
    modelId: indexed(uint256),
    runner: indexed(address),
    configHash: bytes32,
    evalHash: bytes32,
    inputs: array(struct({ datanetId: uint256, datanetVersion: uint64, weightPpm: uint32 })),
  },
);
exports.InferenceSettled = declare(
  'InferenceSettled(bytes32,uint256,address,(uint32,uint64,uint64,address,uint256,uint256[],bytes32))',
  {
    inferenceId: indexed(bytes32),
    modelId: indexed(uint256),
    user: indexed(address),
    receipt: struct({
      modelVersion: uint32,
      tokensIn: uint64,
      tokensOut: uint64,
      feeToken: address,
      fee: uint256,
      adapterIds: array(uint256),
      outputHash: bytes32,
    }),
  },
);
exports.FeeSplit = declare('FeeSplit(bytes32,uint256,uint256,uint256,uint256)', {
  inferenceId: indexed(bytes32),
  platform: uint256,
  model: uint256,
  stakers: uint256,
  contributors: uint256,
});
exports.AttributionCommitted = declare('AttributionCommitted(bytes32,uint256,uint64,uint8,bytes32,uint32,string)', {
  inferenceId: indexed(bytes32),
  modelId: indexed(uint256),
  epoch: indexed(uint64),
  method: uint8,
  leavesRoot: bytes32,
  leafCount: uint32,
  proofUri: string,
});
exports.InfluenceRecorded = declare('InfluenceRecorded(bytes32,uint256,uint256,address,int256,uint32)', {
  inferenceId: indexed(bytes32),
  datanetId: indexed(uint256),
  contributionId: indexed(uint256),
  contributor: address,
  influence: int256,
  weightPpm: uint32,
});
exports.PoolCreated = declare('PoolCreated(bytes32,uint8,uint256,address)', {
  poolId: indexed(bytes32),
  kind: indexed(uint8),
  subjectId: indexed(uint256),
  token: address,
});
exports.PoolFunded = declare('PoolFunded(bytes32,uint8,bytes32,address,uint256)', {
  poolId: indexed(bytes32),
  source: indexed(uint8),
  ref: indexed(bytes32),
  funder: address,
  amount: uint256,
});
exports.RewardAccrued = declare('RewardAccrued(bytes32,address,bytes32,uint8,uint256,uint256,uint64)', {
  poolId: indexed(bytes32),
  beneficiary: indexed(address),
  ref: indexed(bytes32),
  role: uint8,
  contributionId: uint256,
  amount: uint256,
  epoch: uint64,
});
exports.RewardClaimed = declare('RewardClaimed(bytes32,address,address,uint256)', {
  poolId: indexed(bytes32),
  beneficiary: indexed(address),
  to: address,
  amount: uint256,
});
