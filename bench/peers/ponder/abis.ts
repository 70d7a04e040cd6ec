import { parseAbi } from 'viem';

export const DatanetRegistry = parseAbi([
  'event DatanetCreated(uint256 indexed datanetId, address indexed owner, bytes32 indexed transactionId, uint8 dataType, bytes32 metadataHash, string metadataURI)',
  'event DatanetVersionPublished(uint256 indexed datanetId, uint64 indexed version, bytes32 contentRoot, uint64 itemCount, bytes32 manifestHash)',
]);
export const ContributionRegistry = parseAbi([
  'event ContributionSubmitted(uint256 indexed contributionId, uint256 indexed datanetId, address indexed contributor, bytes32 contentHash, uint64 sizeBytes, bytes32 licenseId, uint256 bond, string uri)',
  'event ContributionBatchSubmitted(uint256 indexed datanetId, address indexed contributor, uint256 firstContributionId, bytes32[] contentHashes, uint256 bondEach)',
  'event ContributionScored(uint256 indexed contributionId, address indexed curator, uint32 indexed round, uint32 scorePpm, bytes32 evidenceHash)',
  'event ContributionFinalized(uint256 indexed contributionId, uint8 indexed status, uint64 datanetVersion, uint32 scorePpm, uint8 reason)',
]);
export const ModelRegistry = parseAbi([
  'struct TrainingInput { uint256 datanetId; uint64 datanetVersion; uint32 weightPpm; }',
  'event ModelRegistered(uint256 indexed modelId, address indexed builder, uint256 indexed parentModelId, bytes32 metadataHash, string metadataURI)',
  'event TrainingRunRecorded(bytes32 indexed runId, uint256 indexed modelId, address indexed runner, bytes32 configHash, bytes32 evalHash, TrainingInput[] inputs)',
  'event ModelVersionPublished(uint256 indexed modelId, uint32 indexed version, bytes32 indexed runId, bytes32 weightsHash, uint8 attributionMethod)',
]);
export const InferenceLedger = parseAbi([
  'struct Receipt { uint32 modelVersion; uint64 tokensIn; uint64 tokensOut; address feeToken; uint256 fee; uint256[] adapterIds; bytes32 outputHash; }',
  'event InferenceSettled(bytes32 indexed inferenceId, uint256 indexed modelId, address indexed user, Receipt receipt)',
  'event FeeSplit(bytes32 indexed inferenceId, uint256 platform, uint256 model, uint256 stakers, uint256 contributors)',
]);
export const AttributionLedger = parseAbi([
  'event AttributionCommitted(bytes32 indexed inferenceId, uint256 indexed modelId, uint64 indexed epoch, uint8 method, bytes32 leavesRoot, uint32 leafCount, string proofURI)',
  'event InfluenceRecorded(bytes32 indexed inferenceId, uint256 indexed datanetId, uint256 indexed contributionId, address contributor, int256 influence, uint32 weightPpm)',
]);
export const RewardLedger = parseAbi([
  'event PoolCreated(bytes32 indexed poolId, uint8 indexed kind, uint256 indexed subjectId, address token)',
  'event PoolFunded(bytes32 indexed poolId, uint8 indexed source, bytes32 indexed ref, address funder, uint256 amount)',
  'event RewardAccrued(bytes32 indexed poolId, address indexed beneficiary, bytes32 indexed ref, uint8 role, uint256 contributionId, uint256 amount, uint64 epoch)',
  'event RewardClaimed(bytes32 indexed poolId, address indexed beneficiary, address to, uint256 amount)',
]);
