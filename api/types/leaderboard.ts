import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { BigIntScalar, DateTimeScalar } from '../scalars';
import { type NodeObject, NodeType } from './node';
import { Token } from './token';

export enum LeaderboardMetric {
  CONTRIBUTORS_BY_REWARDS = 'CONTRIBUTORS_BY_REWARDS',
  CONTRIBUTORS_BY_INFLUENCE = 'CONTRIBUTORS_BY_INFLUENCE',
  CONTRIBUTORS_BY_ACCEPTED = 'CONTRIBUTORS_BY_ACCEPTED',
  DATANETS_BY_REWARDS = 'DATANETS_BY_REWARDS',
  DATANETS_BY_INFLUENCE = 'DATANETS_BY_INFLUENCE',
  MODELS_BY_FEES = 'MODELS_BY_FEES',
  MODELS_BY_USERS = 'MODELS_BY_USERS',
  ADAPTERS_BY_INFERENCES = 'ADAPTERS_BY_INFERENCES',
  USERS_BY_FEES = 'USERS_BY_FEES',
}
registerEnumType(LeaderboardMetric, {
  name: 'LeaderboardMetric',
  description: 'Who is ranked, and by what of the window.',
  valuesConfig: {
    CONTRIBUTORS_BY_REWARDS: { description: 'What accrued to accounts in the role of a contributor. Needs `token`.' },
    CONTRIBUTORS_BY_INFLUENCE: { description: 'Weights, in parts per million, of the influences of their data.' },
    CONTRIBUTORS_BY_ACCEPTED: { description: 'Contributions of theirs that were accepted.' },
    DATANETS_BY_REWARDS: { description: 'What accrued for their data and from their pools. Needs `token`.' },
    DATANETS_BY_INFLUENCE: { description: 'Weights, in parts per million, of the influences of their data.' },
    MODELS_BY_FEES: { description: 'Fees of their inferences, less refunds. Needs `token`.' },
    MODELS_BY_USERS: { description: 'Different users of their inferences.' },
    ADAPTERS_BY_INFERENCES: { description: 'Inferences that they took part in.' },
    USERS_BY_FEES: { description: 'Fees that they paid, less refunds. Needs `token`.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'One place of a leaderboard.' })
export class LeaderboardEntry {
  @Field(() => Int, { description: 'From 1 on; equal values share a rank, as in 1, 2, 2, 4.' })
  rank!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      "Places won (+) or lost (-) since the window of the same length before; null if it wasn't in that one.",
  })
  rankChange!: number | null;

  @Field(() => NodeType, { description: 'Who has this place: an account, a datanet, a model or an adapter.' })
  subject!: () => Promise<NodeObject>;

  @Field(() => BigIntScalar, { description: 'An amount of `token`, parts per million or a count, as the metric says.' })
  value!: string;

  @Field(() => Token, { nullable: true, description: 'null where the metric is not in money.' })
  token!: () => Promise<Token> | null;
}

@ObjectType({ simpleResolvers: true, description: 'Who did most in a window, [from, to).' })
export class Leaderboard {
  @Field(() => LeaderboardMetric)
  metric!: LeaderboardMetric;

  @Field(() => DateTimeScalar)
  from!: Date;

  @Field(() => DateTimeScalar)
  to!: Date;

  @Field(() => [LeaderboardEntry], { description: 'By rank; of equal ones by address, or by chain and number.' })
  entries!: LeaderboardEntry[];
}
