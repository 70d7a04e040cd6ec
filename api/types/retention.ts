import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../scalars';
import { Bucket } from './bucket';

export enum Cohort {
  CONTRIBUTORS = 'CONTRIBUTORS',
  USERS = 'USERS',
  BUILDERS = 'BUILDERS',
}
registerEnumType(Cohort, {
  name: 'Cohort',
  description: 'Whose coming back is counted, and what counts as being active.',
  valuesConfig: {
    CONTRIBUTORS: { description: 'Accounts that submitted a contribution.' },
    USERS: { description: 'Accounts that paid for an inference.' },
    BUILDERS: { description: 'Builders of models of which a version was published.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'active[k] = members of this cohort active k buckets after their first; active[0] = size.',
})
export class RetentionRow {
  @Field(() => DateTimeScalar, { description: 'Beginning of the bucket in which its members were active first.' })
  start!: Date;

  @Field(() => Int)
  size!: number;

  @Field(() => [Int], { description: 'Up to the newest bucket of the window.' })
  active!: number[];
}

@ObjectType({
  simpleResolvers: true,
  description:
    'At most 400 buckets, by default the newest 90 (so in rewardHistory and flywheelHistory too); HOUR is BAD_USER_INPUT here.',
})
export class Retention {
  @Field(() => Cohort)
  cohort!: Cohort;

  @Field(() => Bucket)
  bucket!: Bucket;

  @Field(() => [RetentionRow], { description: 'Oldest first; buckets without newcomers have none.' })
  rows!: RetentionRow[];
}
