import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { apiError } from '../errors';
import type { Bounds } from '../limits/bounds';
import { checkOperation } from '../limits/checkOperation';
import { unitsOf } from '../limits/requestLimit';
import type { Metrics } from '../metrics';
import type { HttpContext } from './httpContext';
import { statusOf } from './refusals';

/** Keeps off HTTP what is no query or out of bounds, gives the snapshot's connection back, and counts. */
export function operationPlugin(bounds: Bounds, metrics: Metrics): ApolloServerPlugin<HttpContext> {
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (!operation) return;
          try {
            if (operation.operation !== 'query') throw notOverHttp(operation.operation);
            const cost = checkOperation(schema, document, operation, request.variables ?? {}, bounds);
            // One was charged when the request came.
            await contextValue.charge(unitsOf(cost) - 1);
          } catch (error) {
            if (error instanceof GraphQLError) error.extensions['http'] = { status: statusOf(error) };
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
