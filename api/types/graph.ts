import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { BigIntScalar } from '../scalars';
import { Block } from './block';
import { type NodeObject, NodeType } from './node';
import { Provenance } from './provenance';
import { TokenAmount } from './token';

export enum GraphDirection {
  UPSTREAM = 'UPSTREAM',
  DOWNSTREAM = 'DOWNSTREAM',
  BOTH = 'BOTH',
}
registerEnumType(GraphDirection, {
  name: 'GraphDirection',
  description: 'Which way the walk follows the edges, each of which runs from the data side to the money side.',
  valuesConfig: {
    UPSTREAM: { description: 'Towards the data: follows edges from `to` to `from`.' },
    DOWNSTREAM: { description: 'Towards the money: follows edges from `from` to `to`.' },
    BOTH: { description: 'Both ways at every node.' },
  },
});

export enum GraphNodeKind {
  ACCOUNT = 'ACCOUNT',
  DATANET = 'DATANET',
  CONTRIBUTION = 'CONTRIBUTION',
  MODEL = 'MODEL',
  ADAPTER = 'ADAPTER',
  INFERENCE = 'INFERENCE',
  REWARD = 'REWARD',
}
registerEnumType(GraphNodeKind, {
  name: 'GraphNodeKind',
  description: 'What a node of the attribution graph stands for.',
});

/** In the contract's order, which decides between edges that are alike otherwise. */
export enum GraphEdgeKind {
  CONTRIBUTED = 'CONTRIBUTED',
  IN_DATANET = 'IN_DATANET',
  TRAINED_ON = 'TRAINED_ON',
  DERIVED_FROM = 'DERIVED_FROM',
  ADAPTS = 'ADAPTS',
  SERVED = 'SERVED',
  INFLUENCED = 'INFLUENCED',
  PAID_FOR = 'PAID_FOR',
  REWARDED = 'REWARDED',
  RECEIVED = 'RECEIVED',
}
registerEnumType(GraphEdgeKind, {
  name: 'GraphEdgeKind',
  description: `Each edge runs from the data side to the money side:
CONTRIBUTED account -> contribution; IN_DATANET contribution -> datanet; TRAINED_ON datanet -> model (weight of the
latest run with that input); DERIVED_FROM parent model -> model; ADAPTS model -> adapter; SERVED model -> inference and
adapter -> inference; INFLUENCED contribution -> inference (current, weight > 0); PAID_FOR inference -> paying account
(amount: the fee); REWARDED inference -> reward, for a reward without an inference its contribution -> reward, else its
pool's subject -> reward (amount: the reward); RECEIVED reward -> account (amount: the reward).`,
  valuesConfig: {
    CONTRIBUTED: { description: 'account -> contribution: who submitted it. Made by the submission.' },
    IN_DATANET: { description: 'contribution -> datanet that it was submitted to. Made by the submission.' },
    TRAINED_ON: {
      description: 'datanet -> model: the latest training run with that input made it, and gives it its weight.',
    },
    DERIVED_FROM: { description: "parent model -> model. Made by the model's registration." },
    ADAPTS: { description: "model -> adapter of it. Made by the adapter's registration." },
    SERVED: { description: "model -> inference, and adapter -> inference. Made by the inference's settlement." },
    INFLUENCED: {
      description:
        'contribution -> inference: the share of the answer that is due to this data. Each current record of an influence is an edge of its own.',
    },
    PAID_FOR: { description: 'inference -> account that paid for it; amount: the fee. Made by the settlement.' },
    REWARDED: {
      description:
        "inference -> reward; for a reward without an inference its contribution -> reward, else its pool's subject -> reward.",
    },
    RECEIVED: { description: 'reward -> account to which it accrued; amount: the reward.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'Something of the loop, as a picture of the attribution graph shows it.',
})
export class GraphNode {
  @Field(() => ID, { description: 'The entity\'s own id, e.g. "contribution:1612:42".' })
  id!: string;

  @Field(() => GraphNodeKind)
  kind!: GraphNodeKind;

  @Field(() => String, {
    description:
      'What a person calls it: the name in its metadata where one is known, else its type and a number or the ends of its hash.',
  })
  label!: () => Promise<string> | string;

  @Field(() => Int, {
    description:
      "Edges from the root to it, on the way on which it was found; in a path, its place from the path's start.",
  })
  depth!: number;

  @Field(() => NodeType, { description: 'The thing itself, with all its fields.' })
  entity!: () => Promise<NodeObject>;
}

@ObjectType({ simpleResolvers: true, description: 'One step from data towards money, or back.' })
export class GraphEdge {
  @Field(() => ID, { description: '<KIND>:<from>><to>, and :<blockNumber>-<logIndex> where one event made it.' })
  id!: string;

  @Field(() => GraphEdgeKind)
  kind!: GraphEdgeKind;

  @Field(() => ID, { description: 'ids of GraphNodes; from is always the data side, to the money side.' })
  from!: string;

  @Field(() => ID, { description: 'The money side; see `from`.' })
  to!: string;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Parts per million: of INFLUENCED and TRAINED_ON. null: edges of this kind have no weight.',
  })
  weightPpm!: bigint | null;

  @Field(() => TokenAmount, { nullable: true, description: 'What flowed along this edge, where money did.' })
  amount!: TokenAmount | null;

  @Field(() => Provenance, { nullable: true, description: 'The event that made this edge.' })
  at!: () => Promise<Provenance>;
}

@ObjectType({
  simpleResolvers: true,
  description: `Breadth first from the root: nodes in the order found, each node's edges by weight (none last), then chain order, newest
first, then kind; an edge is taken once; at most \`limit\` edges (at most 1000); edges that have a weight below minWeightPpm
are left out. An account other than the root is an end: the walk does not go on through it.`,
})
export class AttributionGraph {
  @Field(() => GraphNode, { description: 'Where the walk began.' })
  root!: GraphNode;

  @Field(() => [GraphNode], { description: 'The root and every end of an edge, each once, in the order found.' })
  nodes!: GraphNode[];

  @Field(() => [GraphEdge], { description: 'In the order taken.' })
  edges!: GraphEdge[];

  @Field(() => Boolean, { description: 'omittedEdges > 0' })
  truncated!: () => Promise<boolean>;

  @Field(() => Int, {
    description:
      "Edges of the nodes expanded (those above `depth`) that minWeightPpm or limit left out, and their weight, so that a picture can say what it doesn't show.",
  })
  omittedEdges!: () => Promise<number>;

  @Field(() => BigIntScalar, { description: 'The weights of the omitted edges together, in parts per million.' })
  omittedWeightPpm!: () => Promise<bigint>;

  @Field(() => Block, {
    description:
      "The block whose state this is: the one asked for, else the newest indexed one of the root's chain; of an account on several chains, the newest of theirs by time.",
  })
  asOf!: () => Promise<Block>;
}

@ObjectType({
  simpleResolvers: true,
  description: `A path without repeated nodes, along the edges from data to money, between the two ids in whichever order they are given; at
most 6 edges, accounts only at its ends. The heaviest first, then the shorter, then by node ids. At most 10,000 edges are
looked at: more is QUERY_TOO_COMPLEX. amount: of the REWARDED edges on it.`,
})
export class GraphPath {
  @Field(() => [GraphNode], { description: 'From the data side to the money side.' })
  nodes!: GraphNode[];

  @Field(() => [GraphEdge], { description: 'In the order in which the path takes them: one fewer than nodes.' })
  edges!: GraphEdge[];

  @Field(() => Float, { description: 'Product of the weights along the path (edges without one count as 1), 0..1.' })
  weight!: number;

  @Field(() => [TokenAmount], { description: 'Of the REWARDED edges on it, by token; empty where it has none.' })
  amount!: TokenAmount[];
}
