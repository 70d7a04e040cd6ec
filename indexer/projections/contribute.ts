import { constant, fact, facts, type Projections } from './projection';

export const contributionRegistry: Projections = {
  ContributionSubmitted: fact(
    'contribution',
    constant(0),
    'contributionId',
    'datanetId',
    'contributor',
    'contentHash',
    'sizeBytes',
    'licenseId',
    'bond',
    'uri',
  ),
  // A batch says no size, licence or uri.
  ContributionBatchSubmitted: facts(
    'contribution',
    (args) => args['contentHashes'] as string[],
    (contentHash, i, args) => [
      i,
      (args['firstContributionId'] as bigint) + BigInt(i),
      args['datanetId'] as bigint,
      args['contributor'] as string,
      contentHash as string,
      null,
      null,
      args['bondEach'] as bigint,
      null,
    ],
  ),
  ContributionScored: fact('contribution_score', 'contributionId', 'curator', 'round', 'scorePpm', 'evidenceHash'),
  ContributionFinalized: fact(
    'contribution_decision',
    'contributionId',
    'status',
    'datanetVersion',
    'scorePpm',
    'reason',
  ),
  ContributionLinked: fact('contribution_link', 'contributionId', 'otherId', 'relation'),
  DisputeOpened: fact('dispute', 'disputeId', 'contributionId', 'challenger', 'bond'),
  DisputeResolved: fact('dispute_resolution', 'disputeId', 'upheld', 'slashed', 'beneficiary'),
};
