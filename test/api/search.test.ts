import { address, openFakeChain, word } from './fakeChain';
import { type ApiHarness, openApi } from './harness';
import { loopOnce, rewardFor } from './loop';

let harness: ApiHarness;
let blockHash: string;
let txHash: string;
beforeAll(async () => {
  harness = await openApi();
  const { pool } = harness.database;
  const chain = await openFakeChain(pool);
  const [first] = await chain.extend([...loopOnce, [rewardFor(address(0xb1), 100n)]]);
  blockHash = first?.hash as string;
  const { rows } = await pool.query("select '0x' || encode(tx_hash, 'hex') as hash from event where block_of(pos) = 3");
  txHash = rows[0]?.hash;
  await pool.query("update document set state = 'fetched', name = 'Solidity audits' where hash = $1", [
    Buffer.from(word(0xe1).slice(2), 'hex'),
  ]);
  await pool.query("update document set state = 'fetched', name = 'SOLidity' where hash = $1", [
    Buffer.from(word(0xe2).slice(2), 'hex'),
  ]);
});
afterAll(() => harness.close());

async function search(text: string, first?: number): Promise<string[]> {
  const { data, errors } = await harness.ask(
    `query ($text: String!, $first: Int! = 10) {
      search(text: $text, first: $first) { __typename ... on Node { id } ... on Block { chainId number } }
    }`,
    { text, first },
  );
  expect(errors).toBeUndefined();
  return (data!['search'] as { id?: string; number?: number }[]).map(({ id, number }) => id ?? `block ${number}`);
}

test.each<[string, () => string, string[]]>([
  ['an id', () => ' Contribution:31337:1 ', ['contribution:31337:1']],
  ['an id of nothing', () => 'contribution:31337:9', []],
  ['a claim, which search does not find', () => 'claim:31337:1-0', []],
  ['an address in any case', () => address(0xb1).replace('b1', 'B1'), [`account:${address(0xb1)}`]],
  ['an address never seen', () => address(0xff), []],
  [
    'a transaction: what its events name',
    () => txHash,
    [`pool:31337:${word(0xf1)}`, `account:${address(0xb1)}`, `inference:31337:${word(0x11)}`, 'contribution:31337:1'],
  ],
  ['a content hash', () => word(0xc1), ['contribution:31337:1']],
  ['an inference', () => word(0x11).toUpperCase().replace('0X', '0x'), [`inference:31337:${word(0x11)}`]],
  ['a pool', () => word(0xf1), [`pool:31337:${word(0xf1)}`]],
  ['a block', () => blockHash, ['block 1']],
  ['a number', () => '1', ['block 1', 'datanet:31337:1', 'model:31337:1', 'contribution:31337:1']],
  ['a huge number', () => '9'.repeat(78), []],
  ['the beginning of a name in any case, the most similar first', () => 'soL', ['model:31337:1', 'datanet:31337:1']],
  ['a whole name', () => 'solidity AUDITS', ['datanet:31337:1']],
  ['the middle of a name', () => 'audits', []],
  ['a pattern that is none', () => '%', []],
  ['nothing', () => '   ', []],
  ['a NUL', () => 'a\u0000', []],
])('%s', async (_, text, expected) => {
  expect(await search(text())).toEqual(expected);
});

test('as many as asked for', async () => {
  expect(await search('1', 2)).toEqual(['block 1', 'datanet:31337:1']);
  expect(await search('1', 0)).toEqual([]);
  const { errors } = await harness.ask('{ search(text: "1", first: 101) { __typename } }');
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});
