import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** What is left of a subscription's document once its root field's arguments have said what to follow. */
export interface DeliveryDocument {
  id: number;
  document: DocumentNode;
  operationName: string | undefined;
  /** Variables that the messages depend on. */
  variables: readonly string[];
}

let made = 0;
const known = new WeakMap<DocumentNode, Map<string, DeliveryDocument>>();

/**
 * Two subscriptions with the same delivery document, and the same values of its variables, get the same message for the same
 * change, whatever each of them filters.
 */
export function deliveryDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): DeliveryDocument {
  let byOperation = known.get(document);
  if (!byOperation) {
    byOperation = new Map();
    known.set(document, byOperation);
  }
  const name = operationName ?? '';
  let found = byOperation.get(name);
  if (!found) {
    found = strip(schema, document, getOperationAST(document, operationName) as OperationDefinitionNode);
    byOperation.set(name, found);
  }
  return found;
}

function strip(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): DeliveryDocument {
  const types = new TypeInfo(schema);
  const root = schema.getSubscriptionType();
  const stripped = visit(
    {
      kind: Kind.DOCUMENT,
      definitions: document.definitions.filter(
        (definition) => definition === operation || definition.kind === Kind.FRAGMENT_DEFINITION,
      ),
    },
    visitWithTypeInfo(types, {
      enter(node) {
        return node.kind === Kind.FIELD && types.getParentType() === root ? { ...node, arguments: [] } : undefined;
      },
    }),
  );
  const used = new Set<string>();
  visit(stripped, {
    enter(node) {
      if (node.kind === Kind.VARIABLE_DEFINITION) return false;
      if (node.kind === Kind.VARIABLE) used.add(node.name.value);
      return undefined;
    },
  });
  made += 1;
  return {
    id: made,
    document: visit(stripped, {
      enter(node) {
        return node.kind === Kind.VARIABLE_DEFINITION && !used.has(node.variable.name.value) ? null : undefined;
      },
    }),
    operationName: operation.name?.value,
    variables: [...used].sort(),
  };
}
