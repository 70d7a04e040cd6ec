import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionTypes } from '../connection';
import { AddressScalar } from '../scalars';
import { AddressFilter, ChainFilter, EventNameFilter, IntFilter } from './filters';
import { NodeType } from './node';
import { Provenance } from './provenance';

@ObjectType({
  simpleResolvers: true,
  description:
    'value: integers decimal, bytes lower-case hex, addresses EIP-55, true/false, strings as they are; arrays and structs as JSON (structs as objects by field name, integers as strings); type: the canonical ABI type.',
})
export class EventArg {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  type!: string;

  @Field(() => String)
  value!: string;
}

@ObjectType({
  implements: NodeType,
  simpleResolvers: true,
  description:
    'Any decoded event: the feed of everything. subjects: ids of the entities its arguments name, existing or not (every item of a batch, both ends of a link, `ref` where it may be an inference), accounts included, tokens and training runs not.',
})
export class ChainEvent extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => AddressScalar)
  contract!: Buffer;

  @Field(() => [EventArg])
  args!: () => EventArg[];

  @Field(() => Provenance)
  at!: () => Promise<Provenance>;

  @Field(() => [ID])
  subjects!: () => string[];
}

export const { Edge: EventEdge, Connection: EventConnection } = connectionTypes(() => ChainEvent, 'Event');

@InputType()
export class EventFilter {
  @Field(() => ChainFilter, { nullable: true })
  chainId?: ChainFilter | null;

  @Field(() => EventNameFilter, { nullable: true })
  name?: EventNameFilter | null;

  @Field(() => AddressFilter, { nullable: true })
  contract?: AddressFilter | null;

  @Field(() => AddressFilter, { nullable: true })
  account?: AddressFilter | null;

  @Field(() => ID, { nullable: true })
  subject?: string | null;

  @Field(() => IntFilter, { nullable: true })
  block?: IntFilter | null;
}
