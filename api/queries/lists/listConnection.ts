import { GraphQLError } from 'graphql';
import type { QueryResultRow } from 'pg';
import { blockOf } from '../../../schema/position';
import { blockAt } from '../../blocks';
import { type Connection, type PageArgs, pageRequest } from '../../connection';
import type { Context } from '../../context';
import { type DecodedCursor, decodeCursor, encodeCursor, hashPrefix } from '../../cursor';
import { apiError } from '../../errors';
import { encodeChangeCursor } from '../../live/changeCursor';
import { textOf } from '../keyed';
import { countList, loadStretch } from './list';
import { type Listing, type ListParent, type Place, type Placed, placeOf, type Stretch } from './listing';

/**
 * A page of one parent's list. Lists of many parents that are asked for together are one statement.
 * @throws BAD_USER_INPUT for wrong arguments and cursors, CURSOR_STALE for a cursor whose block a reorg removed.
 */
export async function listConnection<Row extends QueryResultRow, Node>(
  context: Context,
  args: PageArgs,
  listing: Listing,
  parent: ListParent,
  toNode: (row: Placed<Row>) => Node,
): Promise<Connection<Node>> {
  const { size, backward, after: afterText, before: beforeText } = pageRequest(args);
  // Cursors are one parent's: its key is in the name that they carry.
  const name = parent.key === null ? listing.name : `${listing.name} ${parent.chainIds[0]}:${textOf(parent.key)}`;
  const after = afterText === null ? null : await decode(context, name, listing, afterText, 'after');
  const before = beforeText === null ? null : await decode(context, name, listing, beforeText, 'before');
  const stretch = <Listed extends QueryResultRow>(asked: Stretch) =>
    named(listing, loadStretch<Listed>(context, listing, parent, asked));
  const rows = await stretch<Row>({ limit: size + 1, backward, after, before });
  const more = rows.length > size;
  const page = rows.slice(0, size);
  if (backward) page.reverse();
  const nodes = page.map(toNode);
  const beyond = async (place: { after: DecodedPlace } | { before: DecodedPlace }, backwards: boolean) =>
    (await stretch({ ...place, limit: 1, backward: backwards, inclusive: true })).length > 0;
  const cursorOf = async (row: Placed<Row> | undefined) => (row ? encode(name, placeOf(row)) : null);
  return {
    nodes,
    edges: page.map((row, index) => ({ cursor: async () => encode(name, placeOf(row)), node: nodes[index] as Node })),
    pageInfo: {
      startCursor: () => cursorOf(page[0]),
      endCursor: () => cursorOf(page[page.length - 1]),
      hasNextPage: () => (!backward && more) || (before ? beyond({ after: before }, false) : false),
      hasPreviousPage: () => (backward && more) || (after ? beyond({ before: after }, true) : false),
      changeCursor: async () => encodeChangeCursor(await context.snapshot.changePosition()),
    },
    totalCount: () => named(listing, countList(context, listing, parent)),
  };
}

/** A list that takes too long says which of its arguments no index answers. */
async function named<Answer>({ given = [], value }: Listing, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    const culprits = [...given, ...(value ? ['orderBy'] : [])];
    if (codeOf(error) !== 'QUERY_TIMEOUT' || culprits.length === 0) throw error;
    throw apiError(
      'QUERY_TIMEOUT',
      `This list took too long with ${culprits.join(', ')}. One filter by equality, in the default order, is fast.`,
    );
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof GraphQLError ? error.extensions['code'] : undefined;
}

type DecodedPlace = Omit<Place, 'blockHash'>;

function encode(name: string, { chainId, pos, item, value, blockHash, timestamp }: Place): string {
  return encodeCursor(name, { key: value, timestamp, chainId, pos, item }, blockHash);
}

async function decode(
  context: Context,
  name: string,
  listing: Listing,
  text: string,
  argument: string,
): Promise<DecodedPlace> {
  const cursor: DecodedCursor = decodeCursor(name, text, argument);
  // In today's chain, also of a past page: a cursor is a place in the order, and good in any state whose chain holds its
  // block, though the list may end before it.
  const block = await blockAt(context.now, cursor.chainId, BigInt(blockOf(cursor.pos)));
  if (!block || hashPrefix(block.hash) !== cursor.blockHash) {
    throw apiError('CURSOR_STALE', `${argument}: a reorg removed the block of this cursor. Begin the list again.`);
  }
  const { chainId, pos, item, key } = cursor;
  return { chainId, pos, item, value: listing.value ? key : null, timestamp: block.timestamp };
}
