export interface GraphQLErrorAnswer {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string };
}

/** What the API says is wrong; `errors` as it says it, `code` of the first. */
export class FlywheelError extends Error {
  override readonly name = 'FlywheelError';
  readonly code: string;

  constructor(readonly errors: readonly GraphQLErrorAnswer[]) {
    super(errors.map(({ message }) => message).join('; '));
    this.code = errors[0]?.extensions?.code ?? 'INTERNAL';
  }
}

/**
 * Asks one question over HTTP.
 * @param url of the API, with /graphql
 * @throws FlywheelError for any error in the answer: with money, half an answer is none
 */
export async function query<Data>(
  url: string,
  document: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: GraphQLErrorAnswer[] };
  if (errors?.length || !data) {
    throw new FlywheelError(errors ?? [{ message: `HTTP ${response.status} without data` }]);
  }
  return data;
}
