import { GraphQLError } from 'graphql';

/** What `extensions.code` may say. Apollo adds GRAPHQL_PARSE_FAILED and GRAPHQL_VALIDATION_FAILED. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'CURSOR_STALE'
  | 'CURSOR_EXPIRED'
  | 'SLOW_CONSUMER'
  | 'QUERY_TOO_COMPLEX'
  | 'QUERY_TIMEOUT'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'INTERNAL';

/** An error that is meant for the client. Everything else becomes INTERNAL, and its detail goes to the log alone. */
export function apiError(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, code } });
}

/** `argument` is the path as the client wrote it, e.g. `where.amount.gt`. */
export function badUserInput(argument: string, message: string): GraphQLError {
  return apiError('BAD_USER_INPUT', `${argument}: ${message}`, { argument });
}
