import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  valueFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { badUserInput } from '../errors';
import { mergesConditionally } from './mergedFields';

/** Whether graphql-jit answers the operation of a valid document as graphql does, whatever its variables are. */
export function compilesTruly(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  return (
    hasPlainDefaults(schema, operation) &&
    leavesNoDefault(schema, document, operation) &&
    // Of such fields it takes the conditions of one for those of all, and the other way round.
    !mergesConditionally(document, operation)
  );
}

/** A compiled query holds the defaults of its variables as JSON, which a time, for one, doesn't survive. */
function hasPlainDefaults(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): boolean {
  return variableDefinitions.every(({ type, defaultValue }) => {
    const inputType = typeFromAST(schema, type);
    return !defaultValue || !isInputType(inputType) || isPlain(valueFromAST(defaultValue, inputType));
  });
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  const prototype = Object.getPrototypeOf(value);
  return (prototype === null || prototype === Object.prototype) && Object.values(value).every(isPlain);
}

/** A field of an object that stands in the document: a variable that is not given has it null, and not its default. */
function leavesNoDefault(
  schema: GraphQLSchema,
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
): boolean {
  const always = variableDefinitions.filter(
    ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE || defaultValue,
  );
  const given = new Set(always.map(({ variable }) => variable.name.value));
  const types = new TypeInfo(schema);
  let leaves = false;
  visit(
    document,
    visitWithTypeInfo(types, {
      ObjectField({ value }) {
        if (value.kind !== Kind.VARIABLE || types.getDefaultValue() === undefined) return;
        leaves ||= !given.has(value.name.value);
      },
    }),
  );
  return !leaves;
}

/** The operation's variables that are objects, or lists of them. */
export function objectsGiven(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): [name: string, type: GraphQLInputType][] {
  return variableDefinitions.flatMap(({ type, variable }): [string, GraphQLInputType][] => {
    const inputType = typeFromAST(schema, type);
    return isInputType(inputType) && isInputObjectType(getNamedType(inputType))
      ? [[variable.name.value, inputType]]
      : [];
  });
}

/**
 * A compiled query takes an empty list for an object.
 * @throws BAD_USER_INPUT for a list in the place of one
 */
export function checkObjects(
  objects: ReturnType<typeof objectsGiven>,
  variables: Readonly<Record<string, unknown>>,
): void {
  for (const [name, type] of objects) {
    if (hasListForObject(type, variables[name]))
      throw badUserInput(`variables.${name}`, 'expected an object in place of a list');
  }
}

function hasListForObject(type: GraphQLInputType, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isNonNullType(type)) return hasListForObject(type.ofType, value);
  if (isListType(type)) {
    const items: unknown[] = Array.isArray(value) ? value : [value];
    return items.some((item) => hasListForObject(type.ofType, item));
  }
  if (!isInputObjectType(type)) return false;
  const fields = type.getFields();
  return (
    Array.isArray(value) ||
    Object.entries(value).some(([name, inner]) => fields[name] && hasListForObject(fields[name].type, inner))
  );
}
