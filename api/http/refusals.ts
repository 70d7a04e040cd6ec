import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
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
