import { readFileSync } from 'node:fs';
import path from 'node:path';
import { paidTo } from '../../client/example';
import { address, openFakeChain } from '../api/fakeChain';
import { openApi } from '../api/harness';
import { loopOnce, rewardFor } from '../api/loop';

test('the example of the README works, and stands there as it is', async () => {
  const harness = await openApi();
  const chain = await openFakeChain(harness.database.pool);
  await chain.extend([...loopOnce, [rewardFor(address(0xb1), 100n), rewardFor(address(0xb1), 23n)], [], []]);
  await harness.database.pool.query(
    'update chain set finalized_number = indexed_number, finalized_hash = indexed_hash, finalized_timestamp = indexed_timestamp',
  );
  const { lines, total } = await paidTo(`${harness.api.url}/graphql`, address(0xb1));
  await harness.close();
  expect(lines.slice(0, -2).every((line) => /^\d+ \S+ for inference:31337:0x[0-9a-f]{64}$/.test(line))).toBe(true);
  expect(lines.at(-2)).toMatch(/^as of block \d+$/);
  expect(lines.at(-1)).toContain('as a contributor');
  expect(total).toBeGreaterThanOrEqual(123n);

  const folder = path.join(__dirname, '../../client');
  const [readme, example] = ['README.md', 'example.ts'].map((file) => readFileSync(path.join(folder, file), 'utf8'));
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});
