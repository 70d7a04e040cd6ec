import { examineNames } from '../../start/doctorNames';
import { address, type FakeChain, log, openFakeChain, word } from './fakeChain';
import { type ApiHarness, openApi } from './harness';
import { loopOnce, rewardFor } from './loop';
import { noteStatements } from './plans';

let harness: ApiHarness;
let chain: FakeChain;
let blockHash: string;
let txHash: string;
beforeAll(async () => {
  harness = await openApi();
  const { pool } = harness.database;
  chain = await openFakeChain(pool);
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

/** The model gets another name. */
async function named(name: string): Promise<void> {
  const hash = Buffer.from(word(0xe2).slice(2), 'hex');
  await harness.database.pool.query('update document set name = $2 where hash = $1', [hash, name]);
}

async function search(text: string, first?: number, api = harness): Promise<string[]> {
  const { data, errors } = await api.ask(
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
  ['a whole name', () => 'solidity AUDITS', ['datanet:31337:1', 'model:31337:1']],
  ['a name with a letter too few', () => 'soldity audits', ['datanet:31337:1', 'model:31337:1']],
  ['with two in the wrong order', () => 'SOILDITY', ['model:31337:1', 'datanet:31337:1']],
  ['with a wrong one, in a word inside', () => 'audets', ['datanet:31337:1']],
  ['a word inside', () => 'audits', ['datanet:31337:1']],
  ['another word that begins alike', () => 'solar', []],
  ["letters that are nobody's name", () => 'xylophone', []],
  ['a pattern that is none', () => '%', []],
  ['nothing', () => '   ', []],
  ['a NUL', () => 'a\u0000', []],
])('%s', async (_, text, expected) => {
  expect(await search(text())).toEqual(expected);
});

test('a transaction of very many events: what the last of them names, too', async () => {
  const settled = log('RewardLedger', 'EpochSettled', {
    poolId: word(0xf9),
    epoch: 1n,
    feeAmount: 0n,
    emissionAmount: 0n,
    carried: 0n,
  });
  const rewards = [0xd1, 0xd2].map((beneficiary) => rewardFor(address(beneficiary), 1n));
  await chain.extend([[...Array(250).fill(settled), ...rewards]]);
  const { data } = await harness.ask('{ events(first: 1) { nodes { at { transactionHash } } } }');
  const { nodes } = data!['events'] as { nodes: { at: { transactionHash: string } }[] };
  expect(await search(nodes[0]!.at.transactionHash)).toEqual([
    `pool:31337:${word(0xf1)}`,
    `account:${address(0xd1)}`,
    `inference:31337:${word(0x11)}`,
    'contribution:31337:1',
    `account:${address(0xd2)}`,
  ]);
});

test('of a transaction that names hundreds of things which do not exist few statements are asked', async () => {
  const ofNothing = Array.from({ length: 250 }, (_, i) =>
    log('RewardLedger', 'EpochSettled', {
      poolId: word(0x1000 + i),
      epoch: 1n,
      feeAmount: 0n,
      emissionAmount: 0n,
      carried: 0n,
    }),
  );
  await chain.extend([ofNothing]);
  const { data } = await harness.ask('{ events(first: 1) { nodes { at { transactionHash } } } }');
  const { nodes } = data!['events'] as { nodes: { at: { transactionHash: string } }[] };
  const asked = noteStatements();
  try {
    expect(await search(nodes[0]!.at.transactionHash)).toEqual([]);
  } finally {
    asked.stop();
  }
  expect(asked.count()).toBeLessThan(30);
});

test('asked again and again it answers the same', async () => {
  const query = `{
    search(text: "1") { __typename ... on Node { id } ... on Block { number } }
    node(id: "contribution:31337:1") { __typename id }
  }`;
  const answers = [];
  for (let i = 0; i < 5; i++) answers.push(await harness.ask(query));
  expect(answers[0]?.errors).toBeUndefined();
  for (const answer of answers) expect(answer.data).toEqual(answers[0]?.data);
});

test('an id of nothing is not taken for a name like it', async () => {
  await named('model:31337:2 and more');
  expect(await search('model:31337:2')).toEqual(['model:31337:1']);
  expect(await search('model:31337:3')).toEqual([]);
  await named('SOLidity');
});

test('a name of any length is found by its beginning, however much of it is asked for', async () => {
  const long = `Long ${'ж\u{1f600}z'.repeat(20_000)}`;
  await named(long);
  expect(await search('lOnG Ж')).toEqual(['model:31337:1']);
  expect(await search(long.slice(0, 900).toUpperCase())).toEqual(['model:31337:1']);
  await named('SOLidity');
});

test('names are looked up by indexes', async () => {
  const client = await harness.database.pool.connect();
  try {
    await client.query('begin; set local enable_seqscan = off');
    await client.query("set local pg_trgm.strict_word_similarity_threshold = '0.3'");
    const planOf = async (condition: string) =>
      JSON.stringify(
        (await client.query(`explain select hash from document where state = 'fetched' and ${condition}`)).rows,
      );
    expect(await planOf("starts_with(names.folded(name), 'sol')")).toContain('document_name');
    await client.query('drop index document_name');
    expect(await planOf("names.folded(name) operator(names.%>>) 'soldity'")).toContain('document_name_trigrams');
  } finally {
    await client.query('rollback');
    client.release();
  }
});

test('beginnings come first, the shortest name before longer ones, as a plain search over all names says', async () => {
  const own = await openApi();
  const { pool } = own.database;
  const words = ['audit', 'AUDIO', 'aud', 'medical', 'Media', 'solid'];
  const names = Array.from({ length: 36 }, (_, i) => [words[i % 6], words[Math.floor(i / 6)]].join(i % 2 ? ' ' : '-'));
  const chain = await openFakeChain(pool);
  await chain.extend([
    names.map((_, i) =>
      log('ModelRegistry', 'ModelRegistered', {
        modelId: BigInt(i),
        builder: address(0xb2),
        parentModelId: 0n,
        metadataHash: word(0x100 + i),
        metadataURI: `ipfs://${i}`,
      }),
    ),
  ]);
  await pool.query(
    `update document d set state = 'fetched', name = n.name
     from unnest($1::bytea[], $2::text[]) n(hash, name) where d.hash = n.hash`,
    [names.map((_, i) => Buffer.from(word(0x100 + i).slice(2), 'hex')), names],
  );
  for (const text of ['a', 'Aud', 'audi', 'audit-', 'audio ', 'MED', 'medical-med', 'solid solid', 'solid-aud', 'x']) {
    const expected = names
      .map((name, i) => ({ name: name.toLowerCase(), id: `model:31337:${i}` }))
      .filter(({ name }) => name.startsWith(text.toLowerCase().trim()))
      .sort((a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      .map(({ id }) => id);
    const found = await search(text, 36, own);
    expect([text, ...found.slice(0, expected.length)]).toEqual([text, ...expected]);
    expect(new Set(found).size).toBe(found.length);
  }
  await own.close();
});

describe('without pg_trgm', () => {
  const examined = async () => {
    const found: string[] = [];
    await examineNames(harness.database.pool, (state, about, detail) => found.push(`${state} ${about}: ${detail}`));
    return found;
  };
  const indexed = async () => (await harness.database.pool.query('select names.tolerate_typos() as can')).rows[0].can;

  test('names are found by their beginning alone, and the doctor says so, until it is there', async () => {
    const { pool } = harness.database;
    expect(await examined()).toEqual(['ok search: finds names in spite of typing errors']);
    await pool.query(`drop extension pg_trgm cascade;
      create function refuse() returns event_trigger language plpgsql as
        $$ begin raise exception 'extension "pg_trgm" is not available'; end $$;
      create event trigger refusal on ddl_command_start when tag in ('CREATE EXTENSION') execute function refuse()`);
    expect(await indexed()).toBe(false);
    expect(await examined()).toEqual([expect.stringMatching(/^warning search: names are found by their beginning/)]);
    expect(await search('solidity au')).toEqual(['datanet:31337:1']);
    expect(await search('soldity au')).toEqual([]);

    await pool.query('drop event trigger refusal; drop function refuse()');
    expect(await indexed()).toBe(true);
    expect(await examined()).toEqual(['ok search: finds names in spite of typing errors']);
    expect(await search('soldity au')).toEqual(['datanet:31337:1', 'model:31337:1']);
  });
});

test('as many as asked for', async () => {
  expect(await search('1', 2)).toEqual(['block 1', 'datanet:31337:1']);
  expect(await search('1', 0)).toEqual([]);
  const { errors } = await harness.ask('{ search(text: "1", first: 101) { __typename } }');
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});
