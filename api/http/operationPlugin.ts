import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import type { Context } from '../context';
import { apiError } from '../errors';
import type { Bounds } from '../limits/bounds';
import { checkOperation } from '../limits/checkOperation';
import type { Metrics } from '../metrics';

/** Keeps off HTTP what is no query or out of bounds, gives the snapshot's connection back, and counts. */
export function operationPlugin(bounds: Bounds, metrics: Metrics): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (!operation) return;
          try {
            if (operation.operation !== 'query') throw notOverHttp(operation.operation);
            checkOperation(schema, document, operation, request.variables ?? {}, bounds);
          } catch (error) {
            (error as GraphQLError).extensions['http'] = { status: 400 };
            throw error;
          }
        },
        async willSendResponse({ contextValue, operation, errors }) {
          await contextValue.snapshot.close();
          const type = operation?.operation ?? 'none';
          metrics.operations.inc({ type, outcome: errors ? 'error' : 'ok' });
          metrics.seconds.observe({ type }, (performance.now() - startedAt) / 1000);
        },
      };
    },
  };
}

function notOverHttp(operation: 'mutation' | 'subscription'): GraphQLError {
  return apiError(
    'BAD_USER_INPUT',
    operation === 'mutation'
      ? 'This API only reads: there are no mutations.'
      : 'Subscriptions are served over WebSocket: graphql-transport-ws on this same path.',
  );
}
