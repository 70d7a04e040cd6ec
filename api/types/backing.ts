import { Field, Float, ObjectType } from 'type-graphql';
import { BigIntScalar } from '../scalars';
import { FundingSource, type ValueOf } from './enums';
import { Token } from './token';

@ObjectType({ simpleResolvers: true })
export class SourceAmount {
  @Field(() => FundingSource)
  source!: ValueOf<typeof FundingSource>;

  @Field(() => BigIntScalar)
  amount!: bigint;
}

@ObjectType({ simpleResolvers: true })
export class Backing {
  @Field(() => Token)
  token!: () => Promise<Token>;

  @Field(() => BigIntScalar)
  accrued!: bigint;

  @Field(() => [SourceAmount])
  bySource!: SourceAmount[];

  @Field(() => Float, { description: 'FEE / all, 0..1' })
  feeShare!: number;

  @Field(() => Float, { description: '(EMISSION + UNKNOWN) / all, 0..1' })
  leakShare!: number;
}
