import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { formatError, toClientError } from '../formatError';
import type { Log } from '../log';

/** What is refused before Apollo sees it, such as a body that is too large, no JSON or of another type. */
export function refusals(log: Log): (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  return (error, _, reply) => {
    if (error instanceof GraphQLError) {
      return reply.code(statusOf(error)).send({ errors: [toClientError(log, error, 'BAD_USER_INPUT').toJSON()] });
    }
    const { statusCode = 500, message } = error as FastifyError;
    const code = statusCode < 500 ? 'BAD_USER_INPUT' : 'INTERNAL';
    return reply.code(statusCode).send({ errors: [formatError(log, { message, extensions: { code } }, error)] });
  };
}

/** Of an error for which nothing is executed. */
export function statusOf({ extensions }: GraphQLError): number {
  return extensions['code'] === 'RATE_LIMITED' ? 429 : 400;
}

/** Whether every root field refused what it was asked with: there is no part of an answer that the status could be of. */
export function isAllRefused(
  data: Readonly<Record<string, unknown>> | null | undefined,
  errors: readonly GraphQLFormattedError[] = [],
): boolean {
  const refusedFields = new Set<unknown>();
  for (const { extensions, path } of errors) {
    if (!['BAD_USER_INPUT', 'QUERY_TOO_COMPLEX'].includes(String(extensions?.['code']))) return false;
    refusedFields.add(path?.[0]);
  }
  const fields = Object.entries(data ?? {});
  return fields.length > 0 && fields.every(([name, value]) => value === null && refusedFields.has(name));
}

const BEFORE_EXECUTION = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'];

/**
 * GraphQL over HTTP, section 6.4.1: whoever asks for application/json by name, as clients did before there was a type of
 * GraphQL's own, is told of a wrong document or variable with 200; a status would say that a proxy refused it.
 */
export function wantsNoStatus(accept: string, errors: readonly GraphQLFormattedError[]): boolean {
  if (!accept.includes('application/json') || accept.includes('graphql-response')) return false;
  return errors.every(({ extensions }) => BEFORE_EXECUTION.includes(String(extensions?.['code'])));
}
