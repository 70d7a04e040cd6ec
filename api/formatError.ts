import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { messageOf } from '../schema/appError';
import type { Log } from './log';

/** Codes that Apollo or GraphQL itself give; everything they call internal is ours to hide. */
const HIDDEN = new Set(['INTERNAL_SERVER_ERROR', 'INTERNAL']);

function isShown(code: unknown): code is string {
  return typeof code === 'string' && !HIDDEN.has(code);
}

/** Apollo's for a request that it could not read or find the operation of. */
const REQUEST_CODES = new Set(['BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE']);

/** GraphQL's own messages repeat what they refuse, however long it is; what is wrong with it stands at an end of them. */
const SHOWN_AT_AN_END = 300;

function inShort(message: string): string {
  if (message.length <= 2 * SHOWN_AT_AN_END) return message;
  return `${message.slice(0, SHOWN_AT_AN_END)} … ${message.slice(-SHOWN_AT_AN_END)}`;
}

/**
 * What a client is told of an error: one that was made for it as it is, anything else as INTERNAL, its detail in the
 * log alone.
 */
export function formatError(log: Log, formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
  const given = codeOf(error) ?? extensions['code'];
  const code = isShown(given) || !isOfRequest(error) ? given : 'BAD_USER_INPUT';
  if (isShown(code)) {
    const known = REQUEST_CODES.has(code) ? 'BAD_USER_INPUT' : code;
    return { ...formatted, message: inShort(formatted.message), extensions: { ...extensions, code: known } };
  }
  const cause = rootOf(error);
  log.error(
    { error: messageOf(cause), stack: cause instanceof Error ? cause.stack : undefined, path: formatted.path },
    'a request failed',
  );
  return {
    message: 'Internal error. It is in the log of the server.',
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
    extensions: { code: 'INTERNAL' },
  };
}

/** The same, as an error that graphql-ws sends. */
export function toClientError(log: Log, error: unknown, fallback = 'INTERNAL'): GraphQLError {
  const graphQLError =
    error instanceof GraphQLError ? error : new GraphQLError(messageOf(error), { originalError: error as Error });
  // An error of GraphQL itself, such as a variable of the wrong type, is no field's and has no code.
  const own = !graphQLError.path && rootOf(graphQLError) instanceof GraphQLError && !codeOf(graphQLError);
  const known = own && !graphQLError.extensions['code'] ? { code: fallback } : {};
  const formatted = formatError(
    log,
    { ...graphQLError.toJSON(), extensions: { ...graphQLError.extensions, ...known } },
    error,
  );
  return new GraphQLError(formatted.message, {
    nodes: graphQLError.nodes,
    source: graphQLError.source,
    positions: graphQLError.positions,
    path: graphQLError.path,
    extensions: formatted.extensions,
  });
}

/** Apollo's about the request, such as a wrong hash of a persisted query: of no field, and nothing was thrown. */
function isOfRequest(error: unknown): boolean {
  return error instanceof GraphQLError && !error.path && !error.originalError && !error.extensions['code'];
}

/** A scalar's own code is under the one that Apollo's validation puts over it. */
function codeOf(error: unknown): unknown {
  const { originalError } = error as { originalError?: { extensions?: { code?: unknown } } };
  return originalError?.extensions?.code;
}

function rootOf(error: unknown): unknown {
  const { originalError } = error as { originalError?: unknown };
  return originalError ? rootOf(originalError) : error;
}
