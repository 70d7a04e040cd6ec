import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema, type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { describe as describeSchema, descriptions } from '../../api/descriptions/describe';
import { buildApiSchema } from '../../api/schema';

const contractText = readFileSync(path.join(__dirname, 'contract.graphql'), 'utf8');

/** Every type, field and value by name ("Type.field"), with its description. */
function described(schema: GraphQLSchema): Map<string, string | null | undefined> {
  return new Map(
    Object.values(schema.getTypeMap())
      .filter(({ name }) => !name.startsWith('__'))
      .flatMap((type) => {
        const hasFields = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
        const members = hasFields ? Object.values(type.getFields()) : isEnumType(type) ? type.getValues() : [];
        return [type, ...members].map(({ name, description }, i): [string, string | null | undefined] => [
          i === 0 ? name : `${type.name}.${name}`,
          description,
        ]);
      }),
  );
}

test('every type, field and value is described, whether or not it is served yet', () => {
  const contract = buildSchema(contractText);
  describeSchema(contract);
  const missing = [...new Map([...described(contract), ...described(buildApiSchema())])].filter(
    ([, text]) => !text?.trim(),
  );
  expect(missing.map(([name]) => name)).toEqual([]);
});

test('what the contract says is never said in other words, and nothing is described that there is not', () => {
  const contract = described(buildSchema(contractText));
  const served = described(buildApiSchema());
  const said = Object.entries(descriptions).flatMap(([type, [own, members = {}]]) => [
    ...(own ? [type] : []),
    ...Object.keys(members).map((member) => `${type}.${member}`),
  ]);
  expect(said.filter((name) => contract.get(name))).toEqual([]);
  expect(said.filter((name) => !contract.has(name) && !served.has(name))).toEqual([]);
});
