import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import { buildApiSchema, schemaText } from '../../api/schema';

/** The public contract, whole; the API serves it, and may serve more. */
const contract = buildSchema(readFileSync(path.join(__dirname, 'contract.graphql'), 'utf8'));
const served = buildApiSchema();

test('serves the contract: every name, type, nullability, default and argument', () => {
  expect(differences(contract, served)).toEqual([]);
});

test('the committed schema is the served one', () => {
  expect(readFileSync(path.join(__dirname, '../../schema/schema.graphql'), 'utf8')).toBe(schemaText(served));
});

test('descriptions of the contract are carried over', () => {
  expect(missingDescriptions(contract, served)).toEqual([]);
});

/** Each difference as one line: "Type.field missing", or what is expected and what is served. */
function differences(expected: GraphQLSchema, actual: GraphQLSchema): string[] {
  return namedTypes(expected).flatMap((type) => {
    const found = actual.getType(type.name);
    return found ? typeDifferences(type, found) : [`${type.name} missing`];
  });
}

function namedTypes(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function typeDifferences(type: GraphQLNamedType, found: GraphQLNamedType): string[] {
  if (kindOf(type) !== kindOf(found)) return [`${type.name}: ${kindOf(type)} expected, ${kindOf(found)} served`];
  if (isEnumType(type) && isEnumType(found)) {
    const values = found.getValues().map(({ name }) => name);
    return type.getValues().flatMap(({ name }) => (values.includes(name) ? [] : [`${type.name}.${name} missing`]));
  }
  if (isUnionType(type) && isUnionType(found)) {
    const names = found.getTypes().map(({ name }) => name);
    return type.getTypes().flatMap(({ name }) => (names.includes(name) ? [] : [`${type.name} | ${name} missing`]));
  }
  if (isInputObjectType(type) && isInputObjectType(found)) {
    return Object.values(type.getFields()).flatMap((field) =>
      valueDifferences(`${type.name}.${field.name}`, field, found.getFields()[field.name]),
    );
  }
  if ((isObjectType(type) || isInterfaceType(type)) && (isObjectType(found) || isInterfaceType(found))) {
    const interfaces = found.getInterfaces().map(({ name }) => name);
    return [
      ...type
        .getInterfaces()
        .flatMap(({ name }) => (interfaces.includes(name) ? [] : [`${type.name} & ${name} missing`])),
      ...Object.values(type.getFields()).flatMap((field) =>
        fieldDifferences(`${type.name}.${field.name}`, field, found.getFields()[field.name]),
      ),
    ];
  }
  return [];
}

type AnyField = GraphQLField<unknown, unknown>;

function fieldDifferences(name: string, field: AnyField, found: AnyField | undefined): string[] {
  if (!found) return [`${name} missing`];
  // A required argument that the contract lacks would break its clients.
  const added = found.args.filter(({ name: arg }) => !field.args.some((each) => each.name === arg));
  return [
    ...(String(field.type) === String(found.type) ? [] : [`${name}: ${field.type} expected, ${found.type} served`]),
    ...field.args.flatMap((arg) =>
      valueDifferences(
        `${name}(${arg.name})`,
        arg,
        found.args.find((each) => each.name === arg.name),
      ),
    ),
    ...added.flatMap((arg) =>
      String(arg.type).endsWith('!') && arg.defaultValue === undefined ? [`${name}(${arg.name}) required`] : [],
    ),
  ];
}

type Value = GraphQLArgument | GraphQLInputField;

function valueDifferences(name: string, value: Value, found: Value | undefined): string[] {
  if (!found) return [`${name} missing`];
  const [expected, actual] = [value, found].map((each) => `${each.type} = ${JSON.stringify(each.defaultValue)}`);
  return expected === actual ? [] : [`${name}: ${expected} expected, ${actual} served`];
}

function kindOf(type: GraphQLNamedType): string {
  if (isScalarType(type)) return 'scalar';
  if (isEnumType(type)) return 'enum';
  if (isUnionType(type)) return 'union';
  if (isInputObjectType(type)) return 'input';
  return isInterfaceType(type) ? 'interface' : 'type';
}

/** Of types and fields that are served: without the contract's words a reader of the schema has to guess. */
function missingDescriptions(expected: GraphQLSchema, actual: GraphQLSchema): string[] {
  return namedTypes(expected).flatMap((type) => {
    const found = actual.getType(type.name);
    if (!found) return [];
    const own = type.description && type.description !== found.description ? [type.name] : [];
    if (!('getFields' in type) || !('getFields' in found)) return own;
    const foundFields = found.getFields();
    const fields = Object.values(type.getFields()).flatMap((field) =>
      field.description && foundFields[field.name] && foundFields[field.name]?.description !== field.description
        ? [`${type.name}.${field.name}`]
        : [],
    );
    return [...own, ...fields];
  });
}
