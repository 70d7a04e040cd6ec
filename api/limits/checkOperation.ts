import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Bounds } from './bounds';
import { checkCost, costOf } from './cost';
import { checkVariables } from './variables';

/**
 * What both transports ask of an operation of a valid document before it is executed. Returns its cost.
 * @throws BAD_USER_INPUT, QUERY_TOO_COMPLEX
 */
export function checkOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  bounds: Bounds,
): number {
  checkVariables(variables, bounds);
  const cost = costOf(schema, document, operation, variables);
  checkCost(cost, bounds);
  return cost;
}
