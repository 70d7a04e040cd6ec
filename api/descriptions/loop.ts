import type { Descriptions } from './describe';

/** Histories, leaderboards, and whether the loop turns. */
export const loop: Descriptions = {
  Bucket: [
    'The length of a step in time, in UTC.',
    { HOUR: 'An hour.', DAY: 'From midnight to midnight.', WEEK: 'From Monday to Monday.', MONTH: 'A calendar month.' },
  ],
  RewardHistoryScope: [
    '',
    {
      account: 'Of this beneficiary.',
      datanet: 'Of this datanet.',
      model: 'Of this model.',
      contribution: 'Of this contribution.',
    },
  ],
  RewardHistoryDimension: [
    'What the points of a history are divided by.',
    { ROLE: 'As what somebody was rewarded.', SOURCE: 'Where the money came from.' },
  ],
  RewardHistory: [
    'Rewards over time.',
    { bucket: 'How long each step is.', points: 'The steps, oldest first.', total: 'All that accrued, per token.' },
  ],
  RewardPoint: [
    '',
    {
      start: 'The first moment of the step.',
      token: 'The token.',
      accrued: 'What was promised in it.',
      reversed: 'What was taken back in it.',
      claimed: 'What was paid in it.',
      rewardCount: 'Rewards given in it.',
      beneficiaryCount: 'Different accounts that were given them.',
    },
  ],
  LeaderboardMetric: [
    'Who is ranked, and by what.',
    {
      CONTRIBUTORS_BY_REWARDS: 'Accounts by what their data earned.',
      CONTRIBUTORS_BY_INFLUENCE: 'Accounts by the shares of answers that their data had, in parts per million.',
      CONTRIBUTORS_BY_ACCEPTED: 'Accounts by contributions that were accepted.',
      DATANETS_BY_REWARDS: 'Datanets by what they earned.',
      DATANETS_BY_INFLUENCE: 'Datanets by the shares of answers that their data had, in parts per million.',
      MODELS_BY_FEES: 'Models by what was paid for their use, less refunds.',
      MODELS_BY_USERS: 'Models by the different accounts that used them.',
      ADAPTERS_BY_INFERENCES: 'Adapters by the inferences they were used in.',
      USERS_BY_FEES: 'Accounts by what they paid for inferences, less refunds.',
    },
  ],
  Leaderboard: [
    'Who did most in a window of time.',
    {
      metric: 'Who is ranked, and by what.',
      from: 'The first moment of the window.',
      to: 'The first moment after it.',
      entries: 'The best ones, best first.',
    },
  ],
  LeaderboardEntry: [
    'One of a leaderboard.',
    {
      rank: 'From 1; equal values share one.',
      subject: 'Who or what it is.',
      value: 'By what it is ranked, in the window.',
    },
  ],
  Cohort: [
    'Whose return is watched.',
    {
      CONTRIBUTORS: 'Accounts that contribute.',
      USERS: 'Accounts that pay for inferences.',
      BUILDERS: 'Builders of models that publish versions.',
    },
  ],
  Retention: [
    '',
    {
      cohort: 'Whose return is watched.',
      bucket: 'How long each step is.',
      rows: 'The newcomers of each step, oldest first; steps without any are left out.',
    },
  ],
  RetentionRow: [
    '',
    {
      start: 'The first moment of the step in which they came.',
      size: 'How many came.',
      active: 'How many of them were there again, step by step.',
    },
  ],
  Flywheel: [
    '',
    {
      from: 'The first moment of the window.',
      to: 'The first moment after it.',
      contributions: 'Contributions made in it.',
      accepted: 'Contributions accepted in it.',
      contributors: 'Different accounts that contributed in it.',
      newContributors: 'Of those, the ones that never had before.',
      models: 'Models registered in it.',
      inferences: 'Inferences settled in it.',
      payingUsers: 'Different accounts that paid for them.',
      newPayingUsers: 'Of those, the ones that never had before.',
      fees: 'What was paid for them less refunds, per token.',
      backing: 'Where the money of the rewards given in it came from, per token.',
      attributionCoverage: 'Of its paid inferences, the share that has an attribution, 0..1; null without any.',
      timeToFirstPayout: 'How long contributors wait for their first reward; null without any.',
      concentration: 'How few contributors the rewards go to; null without any.',
      weakestStage: 'The stage that gained least; null where none can be compared.',
    },
  ],
  TokenShare: [
    'A share of amounts in one token.',
    { token: 'The token.', share: '0..1; null where there is nothing.' },
  ],
  LoopStage: [
    'A stage of the loop from data to money and back.',
    {
      CONTRIBUTE: 'Contributions are made.',
      ORGANIZE: 'Contributions are accepted.',
      BUILD: 'Versions of models are published.',
      USE: 'Inferences are paid for.',
      REWARD: 'Rewards are given out of fees.',
      REPEAT: 'Accounts come back to contribute or pay again.',
    },
  ],
  FlywheelStage: [
    'A stage of the loop, against the window before.',
    {
      stage: 'Which one.',
      value: 'What happened of it in the window.',
      previous: 'What happened of it in the window of the same length before.',
    },
  ],
  TimeToFirstPayout: [
    '',
    {
      median: 'After so many seconds half of them are paid; null where fewer are.',
      p90: 'After so many seconds nine in ten are paid; null where fewer are.',
      paid: 'Contributors who were paid.',
      waiting: 'Contributors who still wait.',
      curve: 'The share that still waits, over time.',
    },
  ],
  SurvivalPoint: ['', { seconds: 'Since the first accepted contribution.', unpaid: 'Share still unpaid then, 0..1.' }],
  Concentration: [
    '',
    {
      hhi: 'The sum of squared shares: near 0 for many alike, 1 for one alone.',
      effectiveContributors: '1 / hhi: as if so many shared alike.',
      topPercentShare: 'What the best hundredth of contributors got, 0..1.',
    },
  ],
};
