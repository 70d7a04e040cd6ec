import { type DocumentNode, type GraphQLError, type GraphQLSchema, getOperationAST, validate } from 'graphql';
import { apiError } from '../errors';
import { toClientError } from '../formatError';
import type { Bounds } from '../limits/bounds';
import { checkOperation } from '../limits/checkOperation';
import { readDocument } from '../limits/readDocument';
import type { Log } from '../log';

export interface Operation {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

/** An operation that may run, and its cost. */
export interface Accepted {
  document: DocumentNode;
  type: 'query' | 'mutation' | 'subscription';
  cost: number;
}

/** Thousands of clients ask by the same text: it is read once, and held once for all of them. */
const KEPT_DOCUMENTS = 500;

/** Apollo's checks don't stand before a socket: an operation is parsed and validated here, by the same rules. */
export function openAcceptance(schema: GraphQLSchema, bounds: Bounds, log: Log) {
  const known = new Map<string, DocumentNode>();

  const read = (query: string): DocumentNode | GraphQLError[] => {
    const found = known.get(query);
    if (found) {
      known.delete(query);
      known.set(query, found);
      return found;
    }
    let document: DocumentNode;
    try {
      document = readDocument(query, bounds);
    } catch (error) {
      return [toClientError(log, error, 'GRAPHQL_PARSE_FAILED')];
    }
    const errors = validate(schema, document);
    if (errors.length > 0) return errors.map((error) => toClientError(log, error, 'GRAPHQL_VALIDATION_FAILED'));
    if (known.size >= KEPT_DOCUMENTS) known.delete(known.keys().next().value as string);
    known.set(query, document);
    return document;
  };

  return ({ query, operationName, variables }: Operation): Accepted | GraphQLError[] => {
    const document = read(query);
    if (Array.isArray(document)) return document;
    const operation = getOperationAST(document, operationName);
    if (!operation) return [apiError('BAD_USER_INPUT', 'operationName: expected the name of one of the operations')];
    try {
      const cost = checkOperation(schema, document, operation, variables ?? {}, bounds);
      return { document, type: operation.operation, cost };
    } catch (error) {
      return [toClientError(log, error, 'BAD_USER_INPUT')];
    }
  };
}
export type AcceptOperation = ReturnType<typeof openAcceptance>;
