import type { HistoryLog } from '../oracle/log';
import { address, log, word } from './fakeChain';

/** One turn of the loop in which a user pays for an inference and the data behind it is paid: ids 1 throughout. */
export const loopOnce: HistoryLog[][] = [
  [
    log('DatanetRegistry', 'DatanetCreated', {
      datanetId: 1n,
      owner: address(0xa1),
      transactionId: word(0xd1),
      dataType: 0n,
      metadataHash: word(0xe1),
      metadataURI: 'data:application/json,{"name":"Solidity audits"}',
    }),
    log('ContributionRegistry', 'ContributionSubmitted', {
      contributionId: 1n,
      datanetId: 1n,
      contributor: address(0xb1),
      contentHash: word(0xc1),
      sizeBytes: 1000n,
      licenseId: word(1),
      bond: 10n,
      uri: 'ipfs://one',
    }),
    log('ModelRegistry', 'ModelRegistered', {
      modelId: 1n,
      builder: address(0xb2),
      parentModelId: 0n,
      metadataHash: word(0xe2),
      metadataURI: 'data:application/json,{"name":"Auditor"}',
    }),
  ],
  [
    log('RewardLedger', 'PoolCreated', { poolId: word(0xf1), kind: 0n, subjectId: 1n, token: address(0) }),
    log('InferenceLedger', 'InferenceSettled', {
      inferenceId: word(0x11),
      modelId: 1n,
      user: address(0xb3),
      receipt: {
        modelVersion: 1n,
        tokensIn: 100n,
        tokensOut: 200n,
        feeToken: address(0),
        fee: 10n ** 18n,
        adapterIds: [],
        outputHash: word(2),
      },
    }),
    log('AttributionLedger', 'InfluenceRecorded', {
      inferenceId: word(0x11),
      datanetId: 1n,
      contributionId: 1n,
      contributor: address(0xb1),
      influence: 5n,
      weightPpm: 1_000_000n,
    }),
    log('RewardLedger', 'PoolFunded', {
      poolId: word(0xf1),
      source: 0n,
      ref: word(0x11),
      funder: address(0xb3),
      amount: 3n * 10n ** 17n,
    }),
    log('RewardLedger', 'PoolFunded', {
      poolId: word(0xf1),
      source: 1n,
      ref: word(0),
      funder: address(0xb4),
      amount: 10n ** 17n,
    }),
  ],
];

/** A contributor's reward for the inference of that loop. */
export const rewardFor = (beneficiary: string, amount: bigint): HistoryLog =>
  log('RewardLedger', 'RewardAccrued', {
    poolId: word(0xf1),
    beneficiary,
    ref: word(0x11),
    role: 0n,
    contributionId: 1n,
    amount,
    epoch: 1n,
  });
