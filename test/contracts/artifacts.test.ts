import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CONTRACT_NAMES } from '../../contracts/artifacts';
import { sourcesHashOf, units } from '../../contracts/compile';

const root = path.resolve(__dirname, '../..');
const [contracts, testChain] = units(root);

interface Committed {
  sourcesHash: string;
  bytecode: string;
}

const committed = (folder: string, name: string) =>
  JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Committed;

describe('the committed artifacts', () => {
  it.each(CONTRACT_NAMES)('%s was compiled from the sources as they are (else: npm run contracts)', (name) => {
    expect(existsSync(path.join(contracts!.artifacts, `${name}.json`))).toBe(true);
    expect(committed(contracts!.artifacts, name).sourcesHash).toBe(sourcesHashOf(contracts!, root));
  });

  it('Emitter was compiled from its source as it is', () => {
    expect(committed(testChain!.artifacts, 'Emitter').sourcesHash).toBe(sourcesHashOf(testChain!, root));
  });

  it('keep every contract below the size limit of mainnet (EIP-3860 for creation code)', () => {
    for (const name of CONTRACT_NAMES) {
      expect(committed(contracts!.artifacts, name).bytecode.length / 2).toBeLessThan(24_576);
    }
  });
});
