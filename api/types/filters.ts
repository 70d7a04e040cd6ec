import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { AddressScalar, BigIntScalar, DateTimeScalar } from '../scalars';

export enum SortDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(SortDirection, { name: 'SortDirection' });

@InputType()
export class ChainFilter {
  @Field(() => Int, { nullable: true })
  eq?: number | null;

  @Field(() => [Int], { nullable: true })
  in?: number[] | null;
}

@InputType()
export class IDFilter {
  @Field(() => ID, { nullable: true })
  eq?: string | null;

  @Field(() => [ID], { nullable: true })
  in?: string[] | null;
}

/** Values are lower-case 0x hex. */
@InputType()
export class AddressFilter {
  @Field(() => AddressScalar, { nullable: true })
  eq?: string | null;

  @Field(() => [AddressScalar], { nullable: true })
  in?: string[] | null;
}

@InputType()
export class BigIntFilter {
  @Field(() => BigIntScalar, { nullable: true })
  eq?: bigint | null;

  @Field(() => [BigIntScalar], { nullable: true })
  in?: bigint[] | null;

  @Field(() => BigIntScalar, { nullable: true })
  gt?: bigint | null;

  @Field(() => BigIntScalar, { nullable: true })
  gte?: bigint | null;

  @Field(() => BigIntScalar, { nullable: true })
  lt?: bigint | null;

  @Field(() => BigIntScalar, { nullable: true })
  lte?: bigint | null;
}

@InputType()
export class IntFilter {
  @Field(() => Int, { nullable: true })
  eq?: number | null;

  @Field(() => [Int], { nullable: true })
  in?: number[] | null;

  @Field(() => Int, { nullable: true })
  gt?: number | null;

  @Field(() => Int, { nullable: true })
  gte?: number | null;

  @Field(() => Int, { nullable: true })
  lt?: number | null;

  @Field(() => Int, { nullable: true })
  lte?: number | null;
}

@InputType({ description: 'contains and startsWith ignore case.' })
export class NameFilter {
  @Field(() => String, { nullable: true })
  eq?: string | null;

  @Field(() => [String], { nullable: true })
  in?: string[] | null;

  @Field(() => String, { nullable: true })
  contains?: string | null;

  @Field(() => String, { nullable: true })
  startsWith?: string | null;
}

@InputType()
export class EventNameFilter {
  @Field(() => String, { nullable: true })
  eq?: string | null;

  @Field(() => [String], { nullable: true })
  in?: string[] | null;
}

@InputType()
export class DateTimeFilter {
  @Field(() => DateTimeScalar, { nullable: true })
  gte?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true })
  lt?: Date | null;
}
