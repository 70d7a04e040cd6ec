import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import type { Bounds } from '../limits/bounds';
import { readDocument, unitsToValidate } from '../limits/readDocument';
import type { Strangers } from '../limits/strangers';
import { charge } from './httpContext';

const MOST_KEPT = 500;
const LONGEST_KEPT = 5_000;

/**
 * Refuses documents that are out of bounds before Apollo validates them, and charges for that work. Those last accepted are known again; a document
 * that is no GraphQL is left to Apollo to say so.
 */
export function boundDocuments(
  bounds: Bounds,
  strangers: Strangers,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const accepted = new Set<string>();
  return async (request, reply) => {
    for (const query of documentsOf(request)) {
      if (accepted.has(query)) continue;
      let units: number;
      try {
        units = unitsToValidate(readDocument(query, bounds));
      } catch (error) {
        if ((error as GraphQLError).extensions['code']) throw error;
        continue;
      }
      await charge(strangers, request, reply, units);
      if (query.length > LONGEST_KEPT) continue;
      for (const oldest of accepted) {
        if (accepted.size < MOST_KEPT) break;
        accepted.delete(oldest);
      }
      accepted.add(query);
    }
  };
}

function documentsOf({ body, query }: FastifyRequest): string[] {
  const inBody = typeof body === 'object' && body !== null ? (body as { query?: unknown }).query : undefined;
  const inUrl = (query as { query?: unknown }).query;
  return [inBody, inUrl].filter((text) => typeof text === 'string');
}
