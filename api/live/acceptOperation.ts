import { type DocumentNode, type GraphQLError, type GraphQLSchema, getOperationAST, validate } from 'graphql';
import { apiError } from '../errors';
import { toClientError } from '../formatError';
import type { Bounds } from '../limits/bounds';
import { checkOperation } from '../limits/checkOperation';
import { readDocument, unitsToValidate } from '../limits/readDocument';
import { unitsOf } from '../limits/requestLimit';
import type { Log } from '../log';

export interface Operation {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

/** An operation that may run. */
export interface Accepted {
  document: DocumentNode;
  type: 'query' | 'mutation' | 'subscription';
}

/** Takes units from the client's limit; what it is told where it has no more. */
export type Pay = (units: number) => Promise<GraphQLError | null>;

/** Thousands of clients ask by the same text: it is read once, and held once for all of them. */
const KEPT_DOCUMENTS = 500;

/**
 * Apollo's checks don't stand before a socket: an operation is parsed and validated here, by the same rules. One unit was
 * paid before; what is worth more is paid before it is done.
 */
export function openAcceptance(schema: GraphQLSchema, bounds: Bounds, log: Log) {
  const known = new Map<string, DocumentNode>();

  const read = async (query: string, pay: Pay): Promise<DocumentNode | GraphQLError[]> => {
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
    const refusal = await pay(unitsToValidate(document));
    if (refusal) return [refusal];
    const errors = validate(schema, document);
    if (errors.length > 0) return errors.map((error) => toClientError(log, error, 'GRAPHQL_VALIDATION_FAILED'));
    if (known.size >= KEPT_DOCUMENTS) known.delete(known.keys().next().value as string);
    known.set(query, document);
    return document;
  };

  return async ({ query, operationName, variables }: Operation, pay: Pay): Promise<Accepted | GraphQLError[]> => {
    const document = await read(query, pay);
    if (Array.isArray(document)) return document;
    const operation = getOperationAST(document, operationName);
    if (!operation) return [apiError('BAD_USER_INPUT', 'operationName: expected the name of one of the operations')];
    try {
      const cost = checkOperation(schema, document, operation, variables ?? {}, bounds);
      const refusal = await pay(unitsOf(cost) - 1);
      return refusal ? [refusal] : { document, type: operation.operation };
    } catch (error) {
      return [toClientError(log, error, 'BAD_USER_INPUT')];
    }
  };
}
export type AcceptOperation = ReturnType<typeof openAcceptance>;
