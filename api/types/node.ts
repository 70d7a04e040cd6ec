import { Field, ID, InterfaceType } from 'type-graphql';

/** What the type part of an id is called in the schema. */
const TYPE_NAMES: Record<string, string> = {
  datanet: 'Datanet',
  contribution: 'Contribution',
  model: 'Model',
  adapter: 'Adapter',
  dispute: 'Dispute',
  inference: 'Inference',
  influence: 'Influence',
  pool: 'Pool',
  reward: 'Reward',
  reversal: 'Reversal',
  claim: 'Claim',
  account: 'Account',
  token: 'Token',
  event: 'ChainEvent',
};

/** The schema's name of the type that an object with this id has. */
export function typeNameOf(value: { id: string }): string {
  return TYPE_NAMES[value.id.slice(0, value.id.indexOf(':'))] ?? '';
}

@InterfaceType('Node', { resolveType: typeNameOf })
export abstract class NodeType {
  @Field(() => ID)
  id!: string;
}

/** Anything with an id; the type-specific rest is its resolvers'. */
export interface NodeObject {
  id: string;
}
