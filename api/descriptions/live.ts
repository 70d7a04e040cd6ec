import type { Descriptions } from './describe';

const change = {
  cursor: 'Where this stands in the log of changes: `after` to go on from here.',
  op: 'Whether the row came, or went in a reorg.',
  id: 'Of the row; null on PROGRESS alone.',
  at: 'The event that changed it; null on PROGRESS alone.',
};

/** Subscriptions. */
export const live: Descriptions = {
  Change: ['', change],
  ChangeOp: ['What a message of a subscription says.'],
  EventChange: ['An event that came, or went in a reorg.', { ...change, event: 'The event; null where it went.' }],
  RewardChange: ['A reward that came, or went in a reorg.', { ...change, reward: 'The reward; null where it went.' }],
  ClaimChange: ['A claim that came, or went in a reorg.', { ...change, claim: 'The claim; null where it went.' }],
  ReversalChange: [
    'A reversal that came, or went in a reorg.',
    { ...change, reversal: 'The reversal; null where it went.' },
  ],
  ContributionChange: [
    'An event that changed a contribution, or a reorg that took it back.',
    { ...change, contribution: 'The contribution as it stands when this is delivered; null on RETRACT.' },
  ],
  InferenceChange: [
    'An event that changed an inference, or a reorg that took it back.',
    { ...change, inference: 'The inference as it stands when this is delivered; null on RETRACT.' },
  ],
  InfluenceChange: [
    'An edge of the attribution graph that came, was superseded, or went in a reorg.',
    { ...change, influence: 'The edge; null where it went.' },
  ],
  Subscription: [
    '',
    {
      events: 'Every decoded event that the filter takes.',
      rewards: 'Rewards given.',
      claims: 'Rewards paid.',
      reversals: 'Rewards taken back.',
      contributions: 'What happens to contributions.',
      inferences: 'What happens to inferences.',
      influences: 'Edges of the attribution graph, of one root or all.',
    },
  ],
};
