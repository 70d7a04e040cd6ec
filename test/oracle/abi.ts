import { Interface } from 'ethers';

/**
 * Both profiles, written from the Solidity interfaces a second time on purpose: what the schema folder says about an
 * event is checked against this, so neither may import the other.
 */
export const PROFILES: Record<string, Record<string, string[]>> = {
  'openledger-reference': {
    DatanetRegistry: [
      'event DatanetCreated(uint256 indexed datanetId, address indexed owner, bytes32 indexed transactionId, uint8 dataType, bytes32 metadataHash, string metadataURI)',
      'event DatanetUpdated(uint256 indexed datanetId, uint8 status, bytes32 metadataHash, string metadataURI)',
      'event DatanetOwnershipTransferred(uint256 indexed datanetId, address indexed from, address indexed to)',
      'event CuratorSet(uint256 indexed datanetId, address indexed curator, bool active, uint96 weight)',
      'event DatanetVersionPublished(uint256 indexed datanetId, uint64 indexed version, bytes32 contentRoot, uint64 itemCount, bytes32 manifestHash)',
    ],
    ContributionRegistry: [
      'event ContributionSubmitted(uint256 indexed contributionId, uint256 indexed datanetId, address indexed contributor, bytes32 contentHash, uint64 sizeBytes, bytes32 licenseId, uint256 bond, string uri)',
      'event ContributionBatchSubmitted(uint256 indexed datanetId, address indexed contributor, uint256 firstContributionId, bytes32[] contentHashes, uint256 bondEach)',
      'event ContributionScored(uint256 indexed contributionId, address indexed curator, uint32 indexed round, uint32 scorePpm, bytes32 evidenceHash)',
      'event ContributionFinalized(uint256 indexed contributionId, uint8 indexed status, uint64 datanetVersion, uint32 scorePpm, uint8 reason)',
      'event ContributionLinked(uint256 indexed contributionId, uint256 indexed otherId, uint8 indexed relation)',
      'event DisputeOpened(uint256 indexed disputeId, uint256 indexed contributionId, address indexed challenger, uint256 bond)',
      'event DisputeResolved(uint256 indexed disputeId, bool upheld, uint256 slashed, address beneficiary)',
    ],
    ModelRegistry: [
      'event ModelRegistered(uint256 indexed modelId, address indexed builder, uint256 indexed parentModelId, bytes32 metadataHash, string metadataURI)',
      'event TrainingRunRecorded(bytes32 indexed runId, uint256 indexed modelId, address indexed runner, bytes32 configHash, bytes32 evalHash, tuple(uint256 datanetId, uint64 datanetVersion, uint32 weightPpm)[] inputs)',
      'event ModelVersionPublished(uint256 indexed modelId, uint32 indexed version, bytes32 indexed runId, bytes32 weightsHash, uint8 attributionMethod)',
      'event AdapterRegistered(uint256 indexed adapterId, uint256 indexed modelId, address indexed builder, uint32 baseVersion, bytes32 runId, bytes32 adapterHash)',
      'event PriceSet(uint256 indexed modelId, address indexed token, uint256 per1kIn, uint256 per1kOut, uint256 platformFee)',
      'event FeedbackRecorded(bytes32 indexed inferenceId, uint256 indexed modelId, address indexed rater, int8 rating, bytes32 feedbackHash)',
    ],
    InferenceLedger: [
      'event CreditConsumed(address indexed user, bytes32 indexed inferenceId, uint256 creditAmount)',
      'event InferenceSettled(bytes32 indexed inferenceId, uint256 indexed modelId, address indexed user, tuple(uint32 modelVersion, uint64 tokensIn, uint64 tokensOut, address feeToken, uint256 fee, uint256[] adapterIds, bytes32 outputHash) receipt)',
      'event FeeSplit(bytes32 indexed inferenceId, uint256 platform, uint256 model, uint256 stakers, uint256 contributors)',
      'event InferenceRefunded(bytes32 indexed inferenceId, uint256 amount, uint8 reason)',
      'event FeeParamsSet(uint16 platformBps, uint16 modelBps, uint16 stakersBps, uint16 contributorsBps, uint64 effectiveAt)',
    ],
    AttributionLedger: [
      'event AttributionCommitted(bytes32 indexed inferenceId, uint256 indexed modelId, uint64 indexed epoch, uint8 method, bytes32 leavesRoot, uint32 leafCount, string proofURI)',
      'event InfluenceRecorded(bytes32 indexed inferenceId, uint256 indexed datanetId, uint256 indexed contributionId, address contributor, int256 influence, uint32 weightPpm)',
      'event AttributionRevised(bytes32 indexed inferenceId, bytes32 oldRoot, bytes32 newRoot, bytes32 reasonHash)',
    ],
    RewardLedger: [
      'event PoolCreated(bytes32 indexed poolId, uint8 indexed kind, uint256 indexed subjectId, address token)',
      'event PoolFunded(bytes32 indexed poolId, uint8 indexed source, bytes32 indexed ref, address funder, uint256 amount)',
      'event RewardAccrued(bytes32 indexed poolId, address indexed beneficiary, bytes32 indexed ref, uint8 role, uint256 contributionId, uint256 amount, uint64 epoch)',
      'event RewardClaimed(bytes32 indexed poolId, address indexed beneficiary, address to, uint256 amount)',
      'event RewardReversed(bytes32 indexed poolId, address indexed beneficiary, bytes32 indexed ref, uint8 reason, uint256 amount)',
      'event EpochSettled(bytes32 indexed poolId, uint64 indexed epoch, uint256 feeAmount, uint256 emissionAmount, uint256 carried)',
    ],
    RiskLedger: [
      'event BondChanged(address indexed account, uint8 indexed role, bytes32 indexed ref, int256 delta, uint256 balance)',
      'event Slashed(address indexed account, uint8 indexed role, bytes32 indexed ref, uint256 amount, address beneficiary)',
      'event ReputationChanged(address indexed account, uint256 indexed datanetId, bytes32 indexed ref, int256 delta, int256 score)',
    ],
  },
  'openledger-public': {
    CreditManager: ['event CreditPurchased(address indexed user, uint256 amountPaid, uint256 creditAmount)'],
    DatanetFactory: ['event TransactionInitiated(bytes32 indexed transactionId, address indexed user, uint256 amount)'],
    Staking: [
      'event Staked(uint256 indexed stakingId, address indexed recipient, uint256 indexed amount)',
      'event ToppedUp(uint256 indexed stakingId, address indexed recipient, uint256 amount)',
      'event RequestUnstake(uint256 indexed stakingId, address indexed recipient)',
      'event Unstaked(uint256 indexed stakingId, address indexed recipient)',
      'event ConfigSet(uint256 indexed configId)',
    ],
    OpenToken: ['event Transfer(address indexed from, address indexed to, uint256 value)'],
    OpenBridge: [
      'event OFTSent(bytes32 indexed guid, uint32 dstEid, address indexed fromAddress, uint256 amountSentLD, uint256 amountReceivedLD)',
      'event OFTReceived(bytes32 indexed guid, uint32 srcEid, address indexed toAddress, uint256 amountReceivedLD)',
    ],
    Airdrop: ['event AirdropClaimed(bytes32 indexed batch, address indexed account, uint256 amount)'],
    OpenGovernor: [
      'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
      'event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)',
      'event ProposalQueued(uint256 proposalId, uint256 etaSeconds)',
      'event ProposalExecuted(uint256 proposalId)',
      'event ProposalCanceled(uint256 proposalId)',
    ],
  },
};

/** The interface of every contract of both profiles, by contract name. */
export const INTERFACES: Record<string, Interface> = Object.fromEntries(
  Object.values(PROFILES).flatMap((contracts) =>
    Object.entries(contracts).map(([name, events]) => [name, new Interface(events)]),
  ),
);

/** The profile and contract of every contract name, as a network file lists them. */
export const CONTRACTS: { profile: string; contract: string }[] = Object.entries(PROFILES).flatMap(
  ([profile, contracts]) => Object.keys(contracts).map((contract) => ({ profile, contract })),
);

/** Every event with its contract, in the profiles' order. Event names are unique over both profiles. */
export const EVENTS: { contract: string; event: string }[] = Object.entries(INTERFACES).flatMap(([contract, abi]) =>
  abi.fragments.flatMap((fragment) => (fragment.type === 'event' ? [{ contract, event: nameOf(fragment) }] : [])),
);

const CONTRACT_OF = new Map(EVENTS.map(({ contract, event }) => [event, contract]));

export function contractOf(event: string): string {
  const contract = CONTRACT_OF.get(event);
  if (!contract) throw new Error(`no contract has an event ${event}`);
  return contract;
}

/** The ABI fragment of an event of either profile. */
export function fragmentOf(event: string) {
  const fragment = INTERFACES[contractOf(event)]?.getEvent(event);
  if (!fragment) throw new Error(`no event ${event}`);
  return fragment;
}

function nameOf(fragment: { format(): string }): string {
  return fragment.format().split('(')[0] ?? '';
}
