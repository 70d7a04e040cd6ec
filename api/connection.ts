import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { badUserInput } from './errors';
import { ChangeCursorScalar, CursorScalar } from './scalars';

const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;

@ArgsType()
export class ForwardArgs {
  @Field(() => Int, { nullable: true })
  first?: number | null;

  @Field(() => CursorScalar, { nullable: true })
  after?: string | null;
}

@ArgsType()
export class PageArgs extends ForwardArgs {
  @Field(() => Int, { nullable: true })
  last?: number | null;

  @Field(() => CursorScalar, { nullable: true })
  before?: string | null;
}

/** What a page's arguments ask for: `size` rows from the list's start, or from its end. */
export interface PageRequest {
  size: number;
  backward: boolean;
  after: string | null;
  before: string | null;
}

/** @throws BAD_USER_INPUT for first and last together, below 0 or above 100. */
export function pageRequest(args: PageArgs): PageRequest {
  const { first = null, last = null, after = null, before = null } = args;
  if (first !== null && last !== null) throw badUserInput('last', 'first and last exclude each other');
  for (const [argument, value] of [
    ['first', first],
    ['last', last],
  ] as const) {
    if (value !== null && (value < 0 || value > MAX_SIZE)) throw badUserInput(argument, `must be 0 to ${MAX_SIZE}`);
  }
  const backward = last !== null || (first === null && before !== null && after === null);
  return { size: last ?? first ?? DEFAULT_SIZE, backward, after, before };
}

@ObjectType({ simpleResolvers: true })
export class PageInfo {
  @Field(() => CursorScalar, { nullable: true })
  startCursor!: () => Promise<string | null>;

  @Field(() => CursorScalar, { nullable: true })
  endCursor!: () => Promise<string | null>;

  @Field(() => Boolean)
  hasNextPage!: () => Promise<boolean> | boolean;

  @Field(() => Boolean)
  hasPreviousPage!: () => Promise<boolean> | boolean;

  @Field(() => ChangeCursorScalar, {
    description: "As a subscription's `after`: everything that changed since this answer. There on an empty page too.",
  })
  changeCursor!: () => Promise<string>;
}

export interface Edge<Node> {
  cursor: () => Promise<string>;
  node: Node;
}

/** A page of a list. What costs a statement of its own is a function, called only when selected. */
export interface Connection<Node> {
  edges: Edge<Node>[];
  nodes: Node[];
  pageInfo: PageInfo;
  totalCount: () => Promise<number>;
}

/** The Relay types of a node type; call once per type, at its module's top level. `name`: "Datanet" for DatanetEdge. */
export function connectionTypes<Node extends object>(
  node: () => ClassType<Node>,
  name: string,
): { Edge: ClassType<Edge<Node>>; Connection: ClassType<Connection<Node>> } {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class EdgeClass implements Edge<Node> {
    @Field(() => CursorScalar)
    cursor!: () => Promise<string>;

    @Field(() => node())
    node!: Node;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true })
  class ConnectionClass implements Connection<Node> {
    @Field(() => [EdgeClass])
    edges!: Edge<Node>[];

    @Field(() => [node()])
    nodes!: Node[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;

    @Field(() => Int)
    totalCount!: () => Promise<number>;
  }

  return { Edge: EdgeClass, Connection: ConnectionClass };
}
