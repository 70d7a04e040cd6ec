import { createHash } from 'node:crypto';
import type { GraphQLRequest } from '@apollo/server';
import { type FieldNode, Kind, type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';
import type { Context } from '../context';
import { withDefaults } from '../limits/cost';

type Variables = Readonly<Record<string, unknown>>;

const FOR_EVER = 'public, max-age=86400, immutable';
/** To be kept, and asked about each time. */
const KEPT = 'public, no-cache';
export const NOT_KEPT = 'no-store';

/**
 * Begins to read how many documents and token data have arrived. Before the snapshot: an arrival is counted after its
 * commit, so what is counted here is in the snapshot.
 */
export function readMetadataCount({ snapshot, program }: Context): Promise<string> {
  const count = program.pool
    .query<{ last_value: bigint }>('select last_value from metadata_counter')
    .then(({ rows }) => String(rows[0]?.last_value));
  snapshot.holdBack(count);
  // Whoever awaits it hears of a failure.
  count.catch(() => undefined);
  return count;
}

/**
 * Whether the answer is a function of what `etagOf` looks at. The status of the index is of this moment, and a block that
 * is to be waited for must be waited for first.
 */
export function isKept(operation: OperationDefinitionNode, given: Variables): boolean {
  const variables = withDefaults(operation, given);
  return operation.selectionSet.selections.every(
    (field) =>
      field.kind === Kind.FIELD &&
      field.name.value !== 'indexStatus' &&
      (pastOf(field, variables)?.['minNumber'] ?? null) === null,
  );
}

function pastOf(field: FieldNode, variables: Variables): Variables | null {
  const asOf = field.arguments?.find(({ name }) => name.value === 'asOf');
  return asOf ? (valueFromASTUntyped(asOf.value, variables) as Variables | null) : null;
}

/**
 * Two answers to the same request with the same tag are the same: where the chains and their finality stand, up to which
 * change, and what is known of documents and tokens.
 */
export async function etagOf(
  context: Context,
  metadataCount: Promise<string>,
  { query, operationName, variables, extensions }: GraphQLRequest,
): Promise<string> {
  const chains = await context.chains();
  const { position, stamp } = await context.snapshot.changePosition();
  const state = [
    context.program.version,
    query ?? extensions?.['persistedQuery'],
    operationName,
    variables,
    await metadataCount,
    [String(position), String(stamp)],
    chains.map((row) => [
      row.chain_id,
      ...[row.indexed_hash, row.safe_hash, row.finalized_hash].map((hash) => hash?.toString('base64')),
      ...[row.indexed_number, row.safe_number, row.finalized_number].map(String),
    ]),
  ];
  return `W/"${createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 22)}"`;
}

/** For what `isKept` lets pass: immutable where each root field answers as of a final block by itself, and nothing is left to be fetched. */
export async function cacheControlOf(context: Context, operation: OperationDefinitionNode): Promise<string> {
  const chains = new Map((await context.chains()).map((row) => [row.chain_id, row.finalized_number]));
  for (const field of operation.selectionSet.selections) {
    if (field.kind !== Kind.FIELD) return KEPT;
    const past = await context.pasts?.get(field.alias?.value ?? field.name.value);
    const finalized = past?.at && chains.get(past.at.chainId);
    if (!past?.at || finalized === null || finalized === undefined || past.at.number > finalized) return KEPT;
  }
  return (await isAllFetched(context)) ? FOR_EVER : KEPT;
}

async function isAllFetched(context: Context): Promise<boolean> {
  const [row] = await context.snapshot.query<{ left: boolean }>(`
    select exists (select from document where state in ('pending', 'failed'))
      or exists (select from token where state in ('pending', 'failed')) as left`);
  return row?.left === false;
}
