import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Bounds } from './bounds';
import { checkCost, costOf } from './cost';
import { checkNulls } from './nullVariables';
import { checkVariables } from './variables';

/**
 * What both transports ask of an operation of a valid document before it is executed. Returns its cost.
 * @param knownCost of the operation with these variables, where somebody noted it
 * @throws BAD_USER_INPUT, QUERY_TOO_COMPLEX
 */
export function checkOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  bounds: Bounds,
  knownCost?: number,
): number {
  checkVariables(variables, bounds);
  checkNulls(schema, document, operation, variables);
  const cost = knownCost ?? costOf(schema, document, operation, variables);
  checkCost(cost, bounds);
  return cost;
}
