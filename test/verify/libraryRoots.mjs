// Reads lists of hex values, prints the root of each as @ethereumjs/mpt makes it. A process of its own: the library
// loads modules that jest can't require.
import { createMPT } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';

let input = '';
for await (const chunk of process.stdin) input += chunk;
const roots = [];
for (const values of JSON.parse(input)) {
  const trie = await createMPT();
  for (const [index, value] of values.entries()) await trie.put(RLP.encode(index), Buffer.from(value, 'hex'));
  roots.push(`0x${Buffer.from(trie.root()).toString('hex')}`);
}
process.stdout.write(JSON.stringify(roots));
