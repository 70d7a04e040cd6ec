import { type ApolloServerPlugin, type GraphQLRequestContext, HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { apiError } from '../errors';
import type { Bounds } from '../limits/bounds';
import { checkOperation } from '../limits/checkOperation';
import { unitsOf } from '../limits/requestLimit';
import type { Metrics } from '../metrics';
import { cacheControlOf, etagOf, isKept, NOT_KEPT, readMetadataCount } from './freshness';
import type { HttpContext } from './httpContext';
import { isAllRefused, statusOf, wantsNoStatus } from './refusals';

type Request = GraphQLRequestContext<HttpContext>;

/**
 * An operation's way over HTTP: keeps off what is no query or out of bounds, answers 304 to who has the answer already,
 * says how long it may be kept, gives the snapshot's connection back, and counts.
 */
export function operationPlugin(bounds: Bounds, metrics: Metrics): ApolloServerPlugin<HttpContext> {
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      let refused = false;
      /** Of a query whose answer may be kept. */
      let metadataCount: Promise<string> | undefined;
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (!operation) return;
          try {
            if (operation.operation !== 'query') throw notOverHttp(operation.operation);
            const cost = checkOperation(schema, document, operation, request.variables ?? {}, bounds);
            // One was charged when the request came.
            await contextValue.charge(unitsOf(cost) - 1);
          } catch (error) {
            refused = true;
            if (error instanceof GraphQLError) error.extensions['http'] = { status: statusOf(error) };
            throw error;
          }
        },
        async responseForOperation({ contextValue, operation, request }) {
          // None where it isn't known which of a document's is meant: Apollo goes on to say so.
          if (!operation || request.http?.method !== 'GET' || !isKept(operation, request.variables ?? {})) return null;
          metadataCount = readMetadataCount(contextValue);
          const known = request.http.headers.get('if-none-match')?.split(',') ?? [];
          if (known.length === 0) return null;
          const etag = await etagOf(contextValue, metadataCount, request);
          if (!known.some((tag) => tag.trim() === etag)) return null;
          const http = { status: 304, headers: new HeaderMap() };
          return { body: { kind: 'single', singleResult: {} }, http };
        },
        async willSendResponse(request) {
          const { contextValue, operation, errors, response } = request;
          const freshness = errors || !metadataCount ? undefined : await freshnessOf(request, metadataCount);
          await contextValue.snapshot.close();
          response.http.headers.set('cache-control', freshness?.cacheControl ?? NOT_KEPT);
          if (freshness) response.http.headers.set('etag', freshness.etag);
          // A browser gets a page at the same URL, and what is refused another status by another type.
          if (request.request.http?.method === 'GET') response.http.headers.set('vary', 'accept');
          if (response.body?.kind === 'single') {
            const { data, errors: told } = response.body.singleResult;
            if (isAllRefused(data, told)) response.http.status = 400;
          }
          if (errors && !refused && isOldFashioned(request)) response.http.status = 200;
          const type = operation?.operation ?? 'none';
          metrics.operations.inc({ type, outcome: errors ? 'error' : 'ok' });
          metrics.seconds.observe({ type }, (performance.now() - startedAt) / 1000);
        },
      };
    },
  };
}

/** Undefined where the database doesn't say. */
async function freshnessOf({ contextValue, operation, request }: Request, metadataCount: Promise<string>) {
  try {
    const etag = await etagOf(contextValue, metadataCount, request);
    const cacheControl = operation && (await cacheControlOf(contextValue, operation));
    return { etag, cacheControl };
  } catch {
    return undefined;
  }
}

function isOldFashioned({ request, response, source, errors }: Request): boolean {
  const accept = request.http?.headers.get('accept') ?? '';
  const isOfOperation = response.http.status === 400 && typeof source === 'string';
  return isOfOperation && wantsNoStatus(accept, errors ?? []);
}

function notOverHttp(operation: 'mutation' | 'subscription'): GraphQLError {
  return apiError(
    'BAD_USER_INPUT',
    operation === 'mutation'
      ? 'This API only reads: there are no mutations.'
      : 'Subscriptions are served over WebSocket: graphql-transport-ws on this same path.',
  );
}
