import type { FastifyInstance } from 'fastify';
import { apiError } from '../errors';

/** At a path of GraphQL it is the method that is wrong. */
export function refuseOtherMethods(server: FastifyInstance, url: string): void {
  server.route({
    method: ['DELETE', 'PATCH', 'PUT'],
    url,
    // Before a body is read, of whatever type.
    async onRequest(_, reply) {
      const error = apiError('BAD_USER_INPUT', 'GraphQL is asked by GET or POST.');
      return reply
        .code(405)
        .header('allow', 'GET, POST')
        .send({ errors: [error.toJSON()] });
    },
    handler: (_, reply) => reply.send(),
  });
}
