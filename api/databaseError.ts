import { messageOf } from '../schema/appError';
import { apiError } from './errors';

export function tooLong() {
  return apiError(
    'QUERY_TIMEOUT',
    'This field took too long. Filter by one key in the default order, or ask for less.',
  );
}

/** What Postgres may say that a client should know; anything else stays as it is and ends as INTERNAL. */
export function databaseError(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === '57014') return tooLong();
  const unreachable =
    (typeof code === 'string' && /^(08|53|57P|ECONN|ENOTFOUND|EPIPE|ETIMEDOUT)/.test(code)) ||
    /terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      messageOf(error),
    );
  return unreachable ? apiError('UNAVAILABLE', 'The database does not answer. Try again.') : error;
}
