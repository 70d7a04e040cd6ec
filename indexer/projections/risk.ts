import { constant, fact, type Projections } from './projection';

export const riskLedger: Projections = {
  BondChanged: fact('bond_change', 'account', 'role', 'ref', 'delta', 'balance'),
  Slashed: fact('slash', 'account', 'role', 'ref', 'amount', 'beneficiary'),
  ReputationChanged: fact('reputation_change', 'account', 'datanetId', 'delta', 'score'),
};

/** Codes of account_role (migrations/0003_derived.sql). */
const STAKER = 6;
const VOTER = 7;
const staker = fact('participation', 'recipient', constant(STAKER));

export const staking: Projections = {
  Staked: staker,
  ToppedUp: staker,
  RequestUnstake: staker,
  Unstaked: staker,
};

export const openGovernor: Projections = {
  VoteCast: fact('participation', 'voter', constant(VOTER)),
};
