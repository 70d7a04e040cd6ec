import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const sources = readdirSync('api', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => path.join('api', name));

describe('a property of an object type', () => {
  it('that may hold a function always does: of a union the compiler notes no more than that it is one', () => {
    const wrong = sources.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => /^ {2,4}\w+!: .*(\| \(\(|\(\(.*\) => .*\) \|)/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(wrong).toEqual([]);
  });
});
