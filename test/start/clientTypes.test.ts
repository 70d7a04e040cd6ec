import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema } from 'graphql';
import { clientTypes } from '../../start/clientTypes';

const root = path.join(__dirname, '../..');
const schema = buildSchema(`
  type Query { found(text: String!, first: Int! = 10, where: Filter): [Found!] node: Node }
  interface Node { id: ID! }
  union Found = Model | Block
  type Model implements Node { id: ID! name: String parent: Model kind: Kind! }
  type Block { number: Int! sure: Boolean }
  input Filter { eq: ID in: [ID!] not: Filter kind: Kind! }
  enum Kind { BIG SMALL }`);
const options = { madeFrom: 'these', queryModule: './query' };
const typesOf = (...documents: string[]) => clientTypes(schema, documents, options).replace(/\s+/g, ' ');

test('each kind of answer of a union has its own fields, and fragments are merged', () => {
  const types = typesOf(`
    query Q($text: String!) { all: found(text: $text) { __typename ...M ... on Model { parent { id } } ... on Block { number sure } } }
    fragment M on Model { kind parent { name } }`);
  expect(types).toContain(
    `export type QData = { all: readonly ({ __typename: 'Model'; kind: 'BIG' | 'SMALL'; parent: { name: string | null; id: string; } | null; } | { __typename: 'Block'; number: number; sure: boolean | null; })[] | null; };`,
  );
});

test('kinds that look alike are one', () => {
  expect(typesOf('query Q { node { id } }')).toContain('export type QData = { node: { id: string; } | null; };');
});

test('variables with a default may be left away, inputs may hold themselves', () => {
  const types = typesOf(
    'query Q($t: String!, $n: Int! = 3, $f: Filter) { found(text: $t, first: $n, where: $f) { __typename } }',
  );
  expect(types).toContain('export type QVariables = { t: string; n?: number; f?: Filter | null; };');
  expect(types).toContain(
    "export type Filter = { eq?: string | null; in?: readonly (string)[] | null; not?: Filter | null; kind: 'BIG' | 'SMALL'; };",
  );
});

test.each([
  ['a field that there is not', 'query Q { nothing }', 'Cannot query field "nothing"'],
  ['no name', '{ node { id } }', 'without an operation that has a name'],
  ['a directive', 'query Q($a: Boolean!) { node { id @skip(if: $a) } }', 'directive'],
])('refuses %s', (_, document, message) => {
  expect(() => typesOf(document)).toThrow(message);
});

test('a document of fragments alone lends them, and each operation carries what it spreads and no more', () => {
  const lent = 'fragment A on Model { kind ...B } fragment B on Model { name } fragment C on Model { id }';
  const types = typesOf('query Q { node { ... on Model { ...A } } }', lent);
  expect(types).toContain("node: { kind: 'BIG' | 'SMALL'; name: string | null; } | null;");
  expect(types).toContain('fragment B on Model');
  expect(types).not.toContain('fragment C');
});

test.each([
  ['client', './query'],
  ['explorer', '../client/query'],
])('the documents of the %s are made from the schema as it is', (name, queryModule) => {
  const folder = path.join(root, name, 'documents');
  const documents = readdirSync(folder)
    .sort()
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));
  const committed = buildSchema(readFileSync(path.join(root, 'schema/schema.graphql'), 'utf8'));
  const made = clientTypes(committed, documents, { madeFrom: `${name}/documents/*.graphql`, queryModule });
  expect(readFileSync(path.join(root, name, 'documents.ts'), 'utf8')).toBe(made);
});
