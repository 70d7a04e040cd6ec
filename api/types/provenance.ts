import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AddressScalar, DateTimeScalar, HexScalar } from '../scalars';
import { Block } from './block';

@ObjectType({
  simpleResolvers: true,
  description: 'Where on chain a row comes from, so that anyone can check it.',
})
export class Provenance {
  @Field(() => Block)
  block!: Block;

  @Field(() => HexScalar)
  transactionHash!: Buffer;

  @Field(() => Int)
  logIndex!: number;

  @Field(() => AddressScalar)
  contract!: Buffer;

  @Field(() => String)
  event!: string;

  @Field(() => ID)
  eventId!: string;

  @Field(() => DateTimeScalar)
  timestamp!: bigint;
}
