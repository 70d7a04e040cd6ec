import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startAnvil } from '../chain/anvil';
import { createDatabase, type TestDatabase } from '../run/database';
import { runToEnd, startProgram, untilPrinted } from './program';

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'refusals-'));
  database = await createDatabase({ empty: true });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await database.close();
});

const contract = {
  profile: 'openledger-public',
  contract: 'CreditManager',
  address: '0x6a2dbd72ad8441A57f6a98521d1fEe199Be22D15',
};

function networkFile(change: object): string {
  const file = path.join(folder, `network-${Math.random()}.json`);
  const chain = { chainId: 1612, name: 'openledger', rpc: ['http://127.0.0.1:1'], contracts: [contract], ...change };
  writeFileSync(file, JSON.stringify({ chains: [chain] }));
  return file;
}

const dataDir = () => path.join(folder, `data-${Math.random()}`);
const tables = async () =>
  (await database.pool.query("select schemaname, tablename from pg_tables where schemaname in ('public', 'bullmq')"))
    .rows;

/** One sentence, exit code 2, and no trace of the attempt. */
async function expectRefusal(command: string, env: Record<string, string>, sentence: string | RegExp): Promise<void> {
  const DATA_DIR = dataDir();
  const { code, output } = await runToEnd(command, { DATA_DIR, ...env });
  expect(output.trim()).toMatch(sentence);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
  expect(existsSync(DATA_DIR)).toBe(false);
  expect(await tables()).toEqual([]);
}

test('an unknown command lists the known ones', () =>
  expectRefusal('begin', {}, 'Unknown command begin: expected one of start, indexer,'));

test('a variable with a wrong value is named', () =>
  expectRefusal('start', { PORT: 'http' }, 'PORT: expected a whole number from 0 to 65535, got "http".'));

test('a network file that is not there', () =>
  expectRefusal('start', { NETWORKS: '/nowhere.json' }, "The network file /nowhere.json (NETWORKS) can't be read"));

test('a network file with a wrong address names its path', () =>
  expectRefusal(
    'start',
    { NETWORKS: networkFile({ contracts: [{ ...contract, address: '0x12' }] }) },
    'Network file: chains[0].contracts[0].address: expected an address (0x and 40 hex digits), got "0x12".',
  ));

test('a taken port is named before anything is started', async () => {
  const server = await new Promise<Server>((resolve) => {
    const listening = createServer().listen(0, '127.0.0.1', () => resolve(listening));
  });
  const { port } = server.address() as { port: number };
  try {
    await expectRefusal('start', { PORT: String(port) }, `Port ${port} on 127.0.0.1 is taken`);
  } finally {
    server.close();
  }
});

test.each(['start', 'indexer', 'worker'])('%s: an unreachable database', (command) =>
  expectRefusal(
    command,
    { NETWORKS: networkFile({}), DATABASE_URL: 'postgresql://user:secret@127.0.0.1:1/flywheel', PORT: '0' },
    /^The database 127\.0\.0\.1:1\/flywheel \(DATABASE_URL\) can't be used: connect ECONNREFUSED 127\.0\.0\.1:1\.$/,
  ),
);

test.each(['indexer', 'worker'])(
  '%s: a node that cannot be reached is no refusal: it is waited for',
  async (command) => {
    const waiting = await createDatabase();
    // A port that nobody listens on and that fetch doesn't refuse by itself.
    const NETWORKS = networkFile({ rpc: ['http://127.0.0.1:2/v1/secret-key'] });
    const program = startProgram(command, { NETWORKS, DATABASE_URL: waiting.url });
    try {
      await untilPrinted(
        program,
        /No node of chain 1612 can be reached: it waits for one\. openledger: rpc\[0\] http:\/\/127\.0\.0\.1:2\/… does not answer: connect ECONNREFUSED/,
      );
      await untilPrinted(program, /Following openledger|Fetching for openledger/);
      program.child.kill('SIGTERM');
      expect(await program.exited).toBe(0);
      expect(program.output()).not.toContain('secret-key');
    } finally {
      program.child.kill('SIGKILL');
      await waiting.close();
    }
  },
);

test.each(['start', 'indexer', 'worker'])('%s: a node of another chain', async (command) => {
  const chain = await startAnvil();
  try {
    const NETWORKS = networkFile({ rpc: [chain.url] });
    const sentence = /^openledger: rpc\[0\] \S+ is chain 31337, the network file says 1612\.$/;
    await expectRefusal(command, { NETWORKS, DATABASE_URL: database.url, PORT: '0' }, sentence);
  } finally {
    await chain.close();
  }
});

test.each(['indexer', 'worker', 'api', 'migrate'])('%s needs DATABASE_URL', (command) =>
  expectRefusal(command, { NETWORKS: networkFile({}), PORT: '0' }, 'DATABASE_URL is not set'),
);

test.each(['indexer', 'worker'])('%s needs NETWORKS', (command) =>
  expectRefusal(command, { DATABASE_URL: database.url }, 'NETWORKS is not set'),
);

test.each(['migrate', 'api', 'indexer'])('%s: a database of a newer program', async (command) => {
  const newer = await createDatabase();
  const chain = await startAnvil({ chainId: 1612 });
  try {
    await newer.pool.query("insert into flywheel_migration (name, hash) values ('9999_later', '')");
    const NETWORKS = networkFile({ rpc: [chain.url] });
    const { code, output } = await runToEnd(command, { DATABASE_URL: newer.url, NETWORKS, PORT: '0' });
    expect(output.trim()).toMatch(/^The database is newer than this program: it holds migration 9999_later, .*$/);
    expect(code).toBe(2);
    expect((await newer.pool.query('select from chain')).rowCount).toBe(0);
  } finally {
    await chain.close();
    await newer.close();
  }
});

test('migrate brings an empty database up to date, and says so', async () => {
  const fresh = await createDatabase({ empty: true });
  try {
    const first = await runToEnd('migrate', { DATABASE_URL: fresh.url });
    expect(first).toMatchObject({ code: 0, output: expect.stringMatching(/^Applied 0001_/) });
    const second = await runToEnd('migrate', { DATABASE_URL: fresh.url });
    expect(second).toEqual({ code: 0, output: 'The schema is up to date.\n' });
  } finally {
    await fresh.close();
  }
});
