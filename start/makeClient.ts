import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSchema } from 'graphql';
import { clientTypes } from './clientTypes';

// Writes client/documents.ts; with --check it only says whether that is current, for npm run check.
const folder = path.join('client', 'documents');
const file = path.join('client', 'documents.ts');
const documents = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(path.join(folder, name), 'utf8'));
const made = clientTypes(buildSchema(readFileSync(path.join('schema', 'schema.graphql'), 'utf8')), documents);
if (!process.argv.includes('--check')) writeFileSync(file, made);
else if (readFileSync(file, 'utf8') !== made) {
  console.error(`${file} was not made from ${folder} and the schema as they are: node dist/start/makeClient.js`);
  process.exitCode = 1;
}
