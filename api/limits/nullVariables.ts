import {
  type DocumentNode,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { badUserInput } from '../errors';

interface NeverNull {
  name: string;
  /** Its default is null. */
  byDefault: boolean;
}

const known = new WeakMap<OperationDefinitionNode, readonly NeverNull[]>();

/**
 * A variable may be null by its type and stand where nothing is, if there is a default for who leaves it out. GraphQL finds
 * that out while it executes, as an error of the field that nobody made for a client.
 * @throws BAD_USER_INPUT for one that is given as null, or is null because it is not given
 */
export function checkNulls(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  if (!operation.variableDefinitions?.length) return;
  let names = known.get(operation);
  if (!names) {
    names = neverNull(schema, document, operation);
    known.set(operation, names);
  }
  for (const { name, byDefault } of names) {
    if (variables[name] === null || (byDefault && variables[name] === undefined))
      throw badUserInput(`variables.${name}`, 'must not be null where it is used');
  }
}

/** The variables that stand where null may not. */
function neverNull(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): NeverNull[] {
  const types = new TypeInfo(schema);
  const names = new Set<string>();
  const definitions = document.definitions.filter(
    (definition) => definition === operation || definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  visit(
    { kind: Kind.DOCUMENT, definitions },
    visitWithTypeInfo(types, {
      VariableDefinition: () => false,
      Variable({ name }) {
        if (isNonNullType(types.getInputType())) names.add(name.value);
      },
    }),
  );
  const nulls = operation.variableDefinitions?.filter(({ defaultValue }) => defaultValue?.kind === Kind.NULL) ?? [];
  const byDefault = new Set(nulls.map(({ variable }) => variable.name.value));
  return [...names].map((name) => ({ name, byDefault: byDefault.has(name) }));
}
