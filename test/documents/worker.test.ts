import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { AbiCoder, encodeBytes32String, id, JsonRpcProvider, keccak256, toBeHex } from 'ethers';
import { Client } from 'pg';
import pino from 'pino';
import { openQueues, type Queues } from '../../db/queue';
import type { Anvil } from '../../demo/anvil';
import type { RetryPlan } from '../../indexer/documents/retryPlan';
import { type DocumentWorkerOptions, startDocumentWorker } from '../../indexer/documents/worker';
import { startAnvil } from '../chain/anvil';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import { localReach } from './localReach';
import { type LocalServer, startLocalServer } from './localServer';
import { tokenCode } from './tokenCode';

const log = pino({ level: 'silent' });
const quick: RetryPlan = { baseMs: 20, capMs: 1_000, attempts: 4 };
const retries = { documents: quick, tokens: { ...quick, attempts: undefined } };

let database: TestDatabase;
let queues: Queues;
let server: LocalServer;
let answer: RequestListener;
let running: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  database = await createDatabase();
  queues = await openQueues({ databaseUrl: database.url });
  server = await startLocalServer((request, response) => answer(request, response));
});
afterEach(async () => {
  await Promise.all(running.map((worker) => worker.close()));
  running = [];
  await queues.close();
  await server.close();
  await database.close();
});

function start(options: Partial<DocumentWorkerOptions> = {}) {
  const network = { chains: [] };
  const worker = startDocumentWorker({
    network,
    pool: database.pool,
    queues,
    log,
    reach: localReach,
    retries,
    ...options,
  });
  running.push(worker);
  return worker;
}

async function insertDocument(uri: string, hash: string): Promise<void> {
  await database.pool.query(`insert into document (hash, uri, uri_digest) values (decode($1, 'hex'), $2, $3)`, [
    hash.slice(2),
    uri,
    createHash('sha256').update(uri, 'utf8').digest(),
  ]);
  await database.pool.query(`select pg_notify('flywheel_change', '')`);
}

interface DocumentRow {
  state: string;
  attempts: number;
  error: string | null;
  name: string | null;
  description: string | null;
}

async function documentAt(uri: string): Promise<DocumentRow> {
  const { rows } = await database.pool.query<DocumentRow>(
    'select state, attempts, error, name, description from document where uri = $1',
    [uri],
  );
  return rows[0]!;
}

const hasState = (uri: string, state: string) => async () => (await documentAt(uri)).state === state;

test('fetches what is pending, keeps what it finds, and announces it', async () => {
  const listener = new Client({ connectionString: database.url });
  await listener.connect();
  let announced = 0;
  listener.on('notification', () => {
    announced += 1;
  });
  await listener.query('listen flywheel_metadata');
  const json = '{"name":"Médecine\\u0000","description":7}';
  answer = (_request, response) => response.end(json);
  const uris = {
    web: `${server.url}/a.json`,
    data: `data:application/json;base64,${Buffer.from(json).toString('base64')}`,
    wrong: 'data:application/json,{}',
    file: 'file:///etc/passwd',
  };
  for (const uri of Object.values(uris)) await insertDocument(uri, id(json));
  await insertDocument('data:,[]', id('[]'));

  start();
  await until(async () => {
    const { rows } = await database.pool.query(`select 1 from document where state = 'pending'`);
    return rows.length === 0;
  });
  const fetched = { state: 'fetched', attempts: 1, error: null, name: 'Médecine\ufffd', description: null };
  expect(await documentAt(uris.web)).toEqual(fetched);
  expect(await documentAt(uris.data)).toEqual(fetched);
  const refused = { state: 'refused', attempts: 1, name: null, description: null };
  expect(await documentAt(uris.wrong)).toEqual({ ...refused, error: expect.stringContaining('not its metadataHash') });
  expect(await documentAt(uris.file)).toEqual({ ...refused, error: expect.stringContaining('file:') });
  expect(await documentAt('data:,[]')).toEqual({ ...refused, error: 'the document is JSON, but not an object' });

  // Two arrivals and the start.
  await until(() => announced === 3);
  const { rows } = await database.pool.query<{ last_value: bigint }>('select last_value from metadata_counter');
  expect(rows[0]?.last_value).toBe(3n);
  await listener.end();
});

test('is woken by a block', async () => {
  answer = (_request, response) => response.end('{"name":"A"}');
  // It never looks by itself.
  const polls = jest.spyOn(global, 'setInterval').mockReturnValue(undefined as unknown as NodeJS.Timeout);
  start();
  expect(polls).toHaveBeenCalled();
  polls.mockRestore();
  await insertDocument(`${server.url}/1`, id('{"name":"A"}'));
  await until(hasState(`${server.url}/1`, 'fetched'));
  await insertDocument(`${server.url}/2`, id('{"name":"A"}'));
  await until(hasState(`${server.url}/2`, 'fetched'));
});

test('tries a server again that has a bad day, and gives one up that never has a good one', async () => {
  let day = 0;
  answer = (request, response) => {
    if (request.url === '/bad') response.end('{"name":"another"}');
    else if (++day === 1) response.writeHead(503).end();
    else if (day === 2) response.end('<html>maintenance</html>');
    else response.end('{"name":"A"}');
  };
  await insertDocument(`${server.url}/good`, id('{"name":"A"}'));
  await insertDocument(`${server.url}/bad`, id('{"name":"A"}'));
  start();
  await until(hasState(`${server.url}/good`, 'fetched'));
  expect(await documentAt(`${server.url}/good`)).toMatchObject({ attempts: 3, name: 'A', error: null });
  await until(hasState(`${server.url}/bad`, 'refused'));
  expect(await documentAt(`${server.url}/bad`)).toMatchObject({
    attempts: 4,
    name: null,
    error: expect.stringMatching(/^given up after 4 attempts: keccak256 of the document is 0x/),
  });
});

test('ipfs:// documents wait until there is a gateway, and are then fetched through it', async () => {
  const uri = 'ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/meta.json';
  const asked: (string | undefined)[] = [];
  answer = (request, response) => {
    asked.push(request.url);
    response.end('{"name":"A"}');
  };
  await insertDocument(uri, id('{"name":"A"}'));
  const without = start();
  await until(hasState(uri, 'failed'));
  // Another document after it shows that sweeps went on without it.
  await insertDocument('data:,{}', id('{}'));
  await until(hasState('data:,{}', 'fetched'));
  expect(await documentAt(uri)).toMatchObject({ attempts: 0, error: expect.stringContaining('IPFS_GATEWAY') });
  expect(asked).toEqual([]);
  await without.close();

  start({ ipfsGateway: server.url });
  await until(hasState(uri, 'fetched'));
  expect(asked).toEqual(['/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/meta.json']);
});

test('sets ipfs:// documents aside without a job while there is no gateway, however many', async () => {
  const made: string[] = [];
  const told: Queues = {
    ...queues,
    queue(name, defaults) {
      const queue = queues.queue(name, defaults);
      const addBulk = queue.addBulk.bind(queue);
      queue.addBulk = (jobs) => {
        for (const { opts } of jobs) made.push(opts?.jobId ?? '');
        return addBulk(jobs);
      };
      return queue as never;
    },
  };
  await database.pool.query(
    `insert into document (hash, uri, uri_digest)
    select '', u.uri, sha256(convert_to(u.uri, 'UTF8'))
    from (select 'IPFS://' || n as uri from generate_series(1, 1200) n) u`,
  );
  await insertDocument('data:,{}', id('{}'));
  start({ queues: told });
  await until(hasState('data:,{}', 'fetched'));
  const { rows } = await database.pool.query<{ state: string; n: number }>(
    'select state, count(*)::int as n from document group by state order by state',
  );
  expect(rows).toEqual([
    { state: 'failed', n: 1200 },
    { state: 'fetched', n: 1 },
  ]);
  expect(made).toHaveLength(1);
});

test('makes the jobs of a lost queue again, counting on from the attempts that were made', async () => {
  answer = (_request, response) => response.writeHead(500).end();
  const uri = `${server.url}/a`;
  await insertDocument(uri, id('{"name":"A"}'));
  const slow = { ...retries, documents: { baseMs: 3_600_000, capMs: 7_200_000, attempts: 12 } };
  const first = start({ retries: slow });
  await until(hasState(uri, 'failed'));
  await first.close();

  const queue = queues.queue('documents');
  await until(async () => (await queue.getDelayedCount()) === 1);
  await queue.obliterate({ force: true });
  answer = (_request, response) => response.end('{"name":"A"}');
  await database.pool.query(`update document set updated_at = now() - interval '2 hours'`);
  start({ retries: slow });
  await until(hasState(uri, 'fetched'));
  expect(await documentAt(uri)).toMatchObject({ attempts: 2, name: 'A' });
});

test('goes on after every connection was cut', async () => {
  answer = (_request, response) => response.end('{"name":"A"}');
  start();
  await insertDocument(`${server.url}/1`, id('{"name":"A"}'));
  await until(hasState(`${server.url}/1`, 'fetched'));
  const admin = new Client({ connectionString: new URL('/postgres', database.url).href });
  await admin.connect();
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    new URL(database.url).pathname.slice(1),
  ]);
  await admin.end();
  const connected = () =>
    database.pool.query('select 1').then(
      () => true,
      () => false,
    );
  await until(connected);
  await insertDocument(`${server.url}/2`, id('{"name":"A"}'));
  await until(hasState(`${server.url}/2`, 'fetched'));
});

test('closes in the middle of a fetch, which counts as no attempt', async () => {
  let asked = 0;
  answer = () => {
    asked += 1;
  };
  const uri = `${server.url}/a`;
  await insertDocument(uri, id('{"name":"A"}'));
  const worker = start();
  await until(() => asked === 1);
  await worker.close();
  expect(await documentAt(uri)).toMatchObject({ state: 'pending', attempts: 0 });
  await until(async () => {
    const { rows } = await database.pool.query(
      `select 1 from pg_stat_activity where query ilike 'listen%' and datname = current_database()`,
    );
    return rows.length === 0;
  });
});

test('more documents than jobs are made at a time are fetched, each once', async () => {
  const seen = new Map<string | undefined, number>();
  answer = (request, response) => {
    seen.set(request.url, (seen.get(request.url) ?? 0) + 1);
    response.end('{"name":"A"}');
  };
  await database.pool.query(
    `insert into document (hash, uri, uri_digest)
    select $1, u.uri, sha256(convert_to(u.uri, 'UTF8'))
    from (select $2 || '/' || n as uri from generate_series(1, 700) n) u`,
    [Buffer.from(id('{"name":"A"}').slice(2), 'hex'), server.url],
  );
  start();
  start();
  await until(
    async () => {
      const { rows } = await database.pool.query<{ n: number }>(
        `select count(*)::int as n from document where state = 'fetched'`,
      );
      return rows[0]?.n === 700;
    },
    { limitMs: 200_000 },
  );
  expect(seen.size).toBe(700);
  // Once, but for an answer that took too long, which is an attempt of its own.
  const { rows } = await database.pool.query<{ uri: string; attempts: number }>('select uri, attempts from document');
  const timesOf = (uri: string) => seen.get(uri.slice(server.url.length)) ?? 0;
  expect(rows.filter(({ uri, attempts }) => timesOf(uri) > attempts)).toEqual([]);
});

describe('token data', () => {
  let anvil: Anvil;
  let provider: JsonRpcProvider;
  const chainId = 31337;
  const coder = AbiCoder.defaultAbiCoder();
  const addressOf = (n: number) => toBeHex(0xa000 + n, 20);

  beforeAll(async () => {
    anvil = await startAnvil();
    provider = new JsonRpcProvider(anvil.url, chainId, { staticNetwork: true });
  });
  afterAll(async () => {
    provider.destroy();
    await anvil.close();
  });

  async function insertToken(address: string, chain = chainId): Promise<void> {
    await database.pool.query(`insert into token (chain_id, address) values ($1, decode($2, 'hex'))`, [
      chain,
      address.slice(2),
    ]);
    await database.pool.query(`select pg_notify('flywheel_change', '')`);
  }

  async function tokens() {
    const { rows } = await database.pool.query<{ state: string; attempts: number; symbol: string; decimals: number }>(
      'select state, attempts, symbol, decimals from token order by chain_id, address',
    );
    return rows;
  }

  const allFetched = async () => (await tokens()).every(({ state }) => state === 'fetched');

  test('is what the contracts answer, null where they do not', async () => {
    const symbol = (text: string) => ({ 'symbol()': coder.encode(['string'], [text]) });
    const decimals = (n: bigint) => ({ 'decimals()': coder.encode(['uint256'], [n]) });
    const cases: [code: string, symbol: string | null, decimals: number | null][] = [
      [tokenCode({ ...symbol('USDX'), ...decimals(6n) }), 'USDX', 6],
      [tokenCode({ 'symbol()': encodeBytes32String('OLD'), ...decimals(18n) }), 'OLD', 18],
      [tokenCode({ ...symbol('x'.repeat(65)), ...decimals(256n) }), null, null],
      [tokenCode(decimals(0n)), null, 0],
      [tokenCode({}), null, null],
      ['0x', null, null],
      ['0xfe', null, null],
      // Burns all the gas it is given: jumpdest push0 jump.
      ['0x5b5f56', null, null],
    ];
    for (const [n, [code]] of cases.entries()) {
      await provider.send('anvil_setCode', [addressOf(n), code]);
      await insertToken(addressOf(n));
    }
    start({ network: { chains: [{ chainId, rpc: [anvil.url] }] } });
    await until(allFetched);
    expect((await tokens()).map((row) => [row.symbol, row.decimals])).toEqual(cases.map(([, ...expected]) => expected));
  });

  test('asks the next endpoint, and leaves chains alone that are not configured', async () => {
    await provider.send('anvil_setCode', [addressOf(0), tokenCode({ 'symbol()': encodeBytes32String('TWO') })]);
    await insertToken(addressOf(0));
    await insertToken(addressOf(0), 99_999);
    answer = (_request, response) => response.writeHead(502).end('bad gateway');
    start({ network: { chains: [{ chainId, rpc: ['http://127.0.0.1:1', server.url, anvil.url] }] } });
    await until(async () => (await tokens())[0]?.state === 'fetched');
    expect(await tokens()).toMatchObject([{ symbol: 'TWO' }, { state: 'pending', attempts: 0 }]);
  });

  test('a node that is too busy, or not there yet, is asked again', async () => {
    await insertToken(addressOf(0));
    await database.pool.query(
      `insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts, indexed_number)
      values ($1, 'c', 'C', 18, 0, '{}', '[]', 100)`,
      [chainId],
    );
    let calls = 0;
    let head = 99;
    answer = (request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { id: request, method, params } = JSON.parse(body);
        if (method === 'eth_call') calls += 1;
        const busy = { error: { code: -32005, message: 'rate limit exceeded' } };
        const symbol = head === 100 && params[0]?.data === '0x95d89b41' ? encodeBytes32String('LATE') : '0x';
        const said = method === 'eth_blockNumber' ? { result: toBeHex(head) } : calls <= 2 ? busy : { result: symbol };
        if (method === 'eth_blockNumber') head = 100;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ jsonrpc: '2.0', id: request, ...said }));
      });
    };
    start({ network: { chains: [{ chainId, rpc: [server.url] }] } });
    await until(allFetched);
    expect(await tokens()).toEqual([{ state: 'fetched', attempts: 3, symbol: 'LATE', decimals: null }]);
  });
});

test('a gateway that is no URL is a configuration error', () => {
  expect(() => start({ ipfsGateway: 'ipfs.example' })).toThrow(expect.objectContaining({ code: 'CONFIG' }));
});

test('keccak256 of the bytes is the hash, not of the text they are shown as', async () => {
  const bytes = Buffer.from([...Buffer.from('{"name":"'), 0xff, ...Buffer.from('"}')]);
  await insertDocument('data:,{"name":"%ff"}', keccak256(bytes));
  start();
  await until(hasState('data:,{"name":"%ff"}', 'fetched'));
  expect(await documentAt('data:,{"name":"%ff"}')).toMatchObject({ name: '\ufffd' });
});
