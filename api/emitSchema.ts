import { writeFileSync } from 'node:fs';
import { schemaText } from './schema';

/** Writes the served schema as SDL to the given path, or to stdout. */
const [path] = process.argv.slice(2);
if (path) writeFileSync(path, schemaText());
else process.stdout.write(schemaText());
