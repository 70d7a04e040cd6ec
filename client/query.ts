declare const types: unique symbol;

/** An operation that knows the types of its answer and its variables: those of ./documents do. */
export interface TypedDocument<Data, Variables> {
  readonly text: string;
  readonly [types]?: (variables: Variables) => Data;
}

export function textOf(document: TypedDocument<unknown, never> | string): string {
  return typeof document === 'string' ? document : document.text;
}

/** What `code` of an error may be; a newer server may know more. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'CURSOR_STALE'
  | 'CURSOR_EXPIRED'
  | 'SLOW_CONSUMER'
  | 'QUERY_TOO_COMPLEX'
  | 'QUERY_TIMEOUT'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'INTERNAL'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | (string & {});

export interface GraphQLErrorAnswer {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; argument?: string; oldest?: string; cursor?: string };
}

/** What the API says is wrong; `errors` as it says it, `code` and `argument` of the first. */
export class FlywheelError extends Error {
  override readonly name = 'FlywheelError';
  readonly code: ErrorCode;
  /** Of BAD_USER_INPUT: the argument's path, as it was written, e.g. `where.amount.gt`. */
  readonly argument: string | undefined;

  constructor(readonly errors: readonly GraphQLErrorAnswer[]) {
    super(errors.map(({ message }) => message).join('; '));
    const { code, argument } = errors[0]?.extensions ?? {};
    this.code = code ?? 'INTERNAL';
    this.argument = argument;
  }
}

/** An answer as a value: data, or what the API says is wrong. */
export type Answer<Data> = { ok: true; data: Data } | { ok: false; error: FlywheelError };

export interface AskOptions {
  /** Gives the question up. */
  signal?: AbortSignal;
}

/**
 * Asks one question over HTTP. Any error in the answer makes all of it an error: with money, half an answer is none.
 * @param url of the API, with /graphql
 * @throws whatever fetch throws when there is no answer at all
 */
export async function ask<Data, Variables extends object = Record<string, unknown>>(
  url: string,
  document: TypedDocument<Data, Variables> | string,
  variables?: Variables,
  { signal }: AskOptions = {},
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
    body: JSON.stringify({ query: textOf(document), variables }),
    ...(signal ? { signal } : {}),
  });
  const { data, errors } = readAnswer<Data>(await response.text());
  if (data && !errors?.length) return { ok: true, data };
  // A proxy in between answers in its own words.
  const code = response.status === 429 ? 'RATE_LIMITED' : response.status >= 500 ? 'UNAVAILABLE' : 'INTERNAL';
  const none = [{ message: `HTTP ${response.status} without an answer`, extensions: { code } }];
  return { ok: false, error: new FlywheelError(errors?.length ? errors : none) };
}

function readAnswer<Data>(text: string): { data?: Data | null; errors?: GraphQLErrorAnswer[] } {
  try {
    return (JSON.parse(text) as { data?: Data; errors?: GraphQLErrorAnswer[] } | null) ?? {};
  } catch {
    return {};
  }
}

/**
 * As `ask`, with the error thrown.
 * @throws FlywheelError
 */
export async function query<Data, Variables extends object = Record<string, unknown>>(
  url: string,
  document: TypedDocument<Data, Variables> | string,
  variables?: Variables,
  options?: AskOptions,
): Promise<Data> {
  const answer = await ask<Data, Variables>(url, document, variables, options);
  if (!answer.ok) throw answer.error;
  return answer.data;
}
