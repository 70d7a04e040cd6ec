import { constant, fact, type Projections } from './projection';

export const rewardLedger: Projections = {
  PoolCreated: fact('pool', 'poolId', 'kind', 'subjectId', 'token'),
  PoolFunded: fact('pool_funding', 'poolId', 'source', 'ref', 'funder', 'amount'),
  // The five parts of its backing depend on what funded the pool before: backReward fills them in.
  RewardAccrued: fact(
    'reward',
    'poolId',
    'beneficiary',
    'ref',
    'role',
    'contributionId',
    'amount',
    'epoch',
    constant(0n),
    constant(0n),
    constant(0n),
    constant(0n),
    constant(0n),
  ),
  RewardClaimed: fact('claim', 'poolId', 'beneficiary', 'to', 'amount'),
  RewardReversed: fact('reversal', 'poolId', 'beneficiary', 'ref', 'reason', 'amount'),
};
