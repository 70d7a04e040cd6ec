import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { badUserInput } from '../errors';
import { type ParsedIdOf, parseId } from '../ids';
import { loadNode } from '../nodes';
import { eventAt } from '../queries/events';
import { sql } from '../sql';
import { tokenOf } from '../tokens';
import { AsOf, type BlockRef } from '../types/blockRef';
import { type NodeObject, NodeType } from '../types/node';
import type { Token } from '../types/token';

const MAX_NODES = 100;

@Resolver()
export class NodeResolver {
  @Query(() => NodeType, { nullable: true })
  node(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<NodeObject | null> {
    return nodeOf(context, id, 'id');
  }

  @Query(() => [NodeType], {
    nullable: 'itemsAndList',
    description: 'In the order of the ids, null where there is none; at most 100.',
  })
  async nodes(@Ctx() context: Context, @Arg('ids', () => [ID]) ids: string[]): Promise<(NodeObject | Error | null)[]> {
    if (ids.length > MAX_NODES) throw badUserInput('ids', `at most ${MAX_NODES}`);
    const nodes = await Promise.allSettled(ids.map((id, index) => nodeOf(context, id, `ids[${index}]`)));
    // What is no id is an error of its own place alone, told by value: of promises that fail, compiled queries leave the
    // last ones out of the list.
    return nodes.map((node) => (node.status === 'fulfilled' ? node.value : (node.reason as Error)));
  }
}

/** @throws BAD_USER_INPUT for what can't be an id of any type */
export async function nodeOf(context: Context, id: string, argument: string): Promise<NodeObject | null> {
  const parsed = parseId(id);
  if (!parsed) throw badUserInput(argument, 'expected an id like "datanet:1612:7"');
  if (parsed.type === 'event') return eventAt(context, parsed.chainId, parsed.pos);
  if (parsed.type === 'token') return tokenNode(context, parsed);
  return loadNode(context, id);
}

/** A token exists once an event named it; the native one, and the unknown one, wherever the chain is. */
async function tokenNode(context: Context, { chainId, token }: ParsedIdOf<'token'>): Promise<Token | null> {
  if (!(await context.chains()).some(({ chain_id }) => chain_id === chainId)) return null;
  if (token === 'unknown') return tokenOf(context, chainId, null);
  if (token === 'native') return tokenOf(context, chainId, Buffer.alloc(20));
  const known = context.at ? await wasNamed(context, token) : await isNamed(context, chainId, token);
  return known ? tokenOf(context, chainId, token) : null;
}

async function isNamed(context: Context, chainId: number, token: Buffer): Promise<boolean> {
  const known = await context.snapshot.query(
    sql`select 1 from token where chain_id = ${chainId}::integer and address = ${token}::bytea`,
  );
  return known.length > 0;
}

/** Tokens are kept without the event that named them first, so as of a block it is looked for. */
async function wasNamed(context: Context, token: Buffer): Promise<boolean> {
  const known = await context.snapshot.query(sql`
    select 1 from pool where token = ${token}::bytea
    union all
    select 1 from price where token = ${token}::bytea
    union all
    select 1 from inference where fee_token = ${token}::bytea
    limit 1`);
  return known.length > 0;
}
