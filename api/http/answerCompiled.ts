import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { CompiledOperations } from '../execution/compiledOperations';
import { toClientError } from '../formatError';
import { unitsOf } from '../limits/requestLimit';
import type { Log } from '../log';
import type { Metrics } from '../metrics';
import { NOT_KEPT } from './freshness';
import type { HttpContext } from './httpContext';
import { isAllRefused, wantsNoStatus } from './refusals';

/** What a POST may ask for that is no more than an operation and its variables. */
interface Asked {
  query: string;
  operationName: string | undefined;
  variables: Readonly<Record<string, unknown>>;
}

export interface CompiledAnswers {
  operations: CompiledOperations;
  metrics: Metrics;
  log: Log;
  open(request: FastifyRequest, reply: FastifyReply): HttpContext;
}

/** The types of an answer that need no negotiation. */
const TYPES: Readonly<Record<string, string>> = {
  '*/*': 'application/json; charset=utf-8',
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
};

/**
 * Answers what it can by a compiled query, with the same bytes as Apollo, which stands for a third of the time of an
 * ordinary request: an operation in a POST that was asked before. Undefined for everything else, and for what is wrong
 * with an operation: that Apollo says.
 */
export function answerCompiled({ operations, metrics, log, open }: CompiledAnswers) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> => {
    const type = TYPES[request.headers.accept ?? '*/*'];
    const asked = type && askedIn(request);
    const compiled = asked && operations.find(asked.query, asked.operationName);
    if (!compiled) return undefined;
    const startedAt = performance.now();
    let units: number;
    try {
      units = unitsOf(compiled.check(asked.variables));
    } catch (error) {
      if (error instanceof GraphQLError) return undefined;
      throw error;
    }
    const once = async (remembering: boolean): Promise<ExecutionResult | undefined> => {
      const context = open(request, reply);
      // One was charged when the request came.
      if (remembering && units > 1) await context.charge(units - 1);
      if (remembering) context.rememberChains();
      try {
        const result = await compiled.execute(context, asked.variables);
        return (await context.remembersRightly()) ? result : undefined;
      } finally {
        void context.snapshot.close();
      }
    };
    const result = (await once(true)) ?? (await once(false));
    // The variables were wrong.
    if (!result?.data) return undefined;
    // Of an error in place of an item, graphql-jit leaves no item.
    if (result.errors?.some(({ path }) => path?.some((key) => typeof key === 'number'))) return undefined;
    const errors = result.errors?.map((error) => toClientError(log, compiled.located(error)).toJSON());
    reply.header('content-type', type).header('cache-control', NOT_KEPT);
    const isRefused = errors && isAllRefused(result.data, errors);
    reply.code(isRefused && !wantsNoStatus(request.headers.accept ?? '', errors) ? 400 : 200);
    metrics.operations.inc({ type: 'query', outcome: errors ? 'error' : 'ok' });
    metrics.seconds.observe({ type: 'query' }, (performance.now() - startedAt) / 1000);
    return `${JSON.stringify(errors ? { errors, data: result.data } : { data: result.data })}\n`;
  };
}

const KEYS: ReadonlySet<string> = new Set(['query', 'operationName', 'variables', 'extensions']);

function askedIn({ method, body }: FastifyRequest): Asked | undefined {
  if (method !== 'POST' || typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  if (Object.keys(body).some((key) => !KEYS.has(key))) return undefined;
  if (typeof query !== 'string' || (extensions !== undefined && extensions !== null)) return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return undefined;
  if (variables !== undefined && (typeof variables !== 'object' || Array.isArray(variables))) return undefined;
  return { query, operationName: operationName || undefined, variables: (variables ?? {}) as Asked['variables'] };
}
