/**
 * What the catcher should do, not where it came from.
 * - CONFIG: the person who started the program has to change something; it exits with 2 and this message.
 * - RETRY: a network, node or database that may answer next time.
 * - STOP: a broken promise (a reorg below finality, a lost lease): stop this part where it is and say why.
 * - BAD_USER_INPUT: the API answers it to the client.
 */
export type AppErrorCode = 'CONFIG' | 'RETRY' | 'STOP' | 'BAD_USER_INPUT' | 'INTERNAL';

/** The one error of ours. Messages say what was expected, what came and where; never a URL with credentials. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: AppErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The message of whatever was thrown; pg and Node wrap several refused addresses in an AggregateError without one. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(messageOf).join('; ');
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}

/** Where a URL points, without user, password, path and query: providers put API keys into each of them. */
export function withoutCredentials(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname.length > 1 ? '/…' : ''}`;
  } catch {
    return '(not a URL)';
  }
}
