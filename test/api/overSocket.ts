import type { GraphQLFormattedError } from 'graphql';
import type { Client } from 'graphql-ws';

export interface SocketAnswer {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
}

/** One operation over a WebSocket: its first answer, or the errors that it was refused with. */
export function overSocket(client: Client, query: string, variables?: Record<string, unknown>): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    let answer: SocketAnswer | undefined;
    client.subscribe<Record<string, unknown>>(
      { query, variables },
      {
        next: (result) => {
          answer = result as SocketAnswer;
        },
        error: (error) => {
          if (Array.isArray(error)) resolve({ errors: error as GraphQLFormattedError[] });
          else reject(error);
        },
        complete: () => (answer ? resolve(answer) : reject(new Error('completed without an answer'))),
      },
    );
  });
}
