import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema } from 'graphql';
import { clientTypes } from './clientTypes';

// Writes the typed documents of the client and of the explorer; with --check it only says whether they are current, for
// npm run check.
const modules = [
  { folder: 'client', queryModule: './query' },
  { folder: 'explorer', queryModule: '../client/query' },
];
const schema = buildSchema(readFileSync(path.join('schema', 'schema.graphql'), 'utf8'));
for (const { folder, queryModule } of modules) {
  const from = path.join(folder, 'documents');
  const file = path.join(folder, 'documents.ts');
  const documents = readdirSync(from)
    .sort()
    .map((name) => readFileSync(path.join(from, name), 'utf8'));
  const made = clientTypes(schema, documents, { madeFrom: `${folder}/documents/*.graphql`, queryModule });
  if (!process.argv.includes('--check')) writeFileSync(file, made);
  else if (readFileSync(file, 'utf8') !== made) {
    console.error(`${file} was not made from ${from} and the schema as they are: node dist/start/makeClient.js`);
    process.exitCode = 1;
  }
}
