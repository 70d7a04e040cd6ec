import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../run/until';
import { processesOf } from './processes';
import { type Program, runToEnd, startProgram, untilPrinted } from './program';

// Each start writes or reads a history first.
jest.setTimeout(600_000);

let dataDir: string;
let running: Program | undefined;
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'npm-start-'));
  chmodSync(dataDir, 0o711);
});
afterEach(() => killAll());
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

interface Status {
  indexed: number;
  head: number;
  error: string | null;
}

const env = () => ({ DATA_DIR: dataDir, PORT: '0', DEMO_EVENTS: '800' });

async function start(extra: Record<string, string> = {}): Promise<{ program: Program; url: string }> {
  running = startProgram('start', { ...env(), ...extra });
  await untilPrinted(running, /GraphQL\s+http/);
  const url = /Explorer\s+(\S+)\/\n/.exec(running.output())?.[1] ?? '';
  return { program: running, url };
}

async function status(url: string): Promise<Status> {
  const query = '{ indexStatus { chains { indexed { number } head { number } error } } }';
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as {
    data: {
      indexStatus: { chains: { indexed: { number: number }; head: { number: number }; error: string | null }[] };
    };
  };
  const [chain] = data.indexStatus.chains;
  return { indexed: chain?.indexed.number ?? -1, head: chain?.head.number ?? -1, error: chain?.error ?? null };
}

/** kill -9 of everything at once, as a machine that loses its memory. */
function killAll(): void {
  running?.child.kill('SIGKILL');
  for (const pid of processesOf(dataDir)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with its parent.
    }
  }
}

async function stop(program: Program): Promise<void> {
  program.child.kill('SIGINT');
  expect(await program.exited).toBe(0);
  await until(() => processesOf(dataDir).length === 0, { what: 'no process left behind' });
}

test('from nothing to a ready server with the URLs; Ctrl-C leaves no process behind', async () => {
  const { program, url } = await start();
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const { indexed, error } = await status(url);
  expect(indexed).toBeGreaterThan(0);
  expect(error).toBeNull();
  await stop(program);
});

test('the second start goes on from the state of the first', async () => {
  const { program, url } = await start({ DEMO_LIVE: 'off' });
  const before = await status(url);
  expect(program.output()).not.toMatch(/indexing it anew|history/);
  await stop(program);
  const again = await start({ DEMO_LIVE: 'off' });
  expect(await status(again.url)).toEqual(before);
  await stop(again.program);
});

test('a second start on the same DATA_DIR says so and leaves the first alone', async () => {
  const { program, url } = await start();
  const { code, output } = await runToEnd('start', env());
  expect(output.trim()).toMatch(
    /^Another Flywheel \(process \d+\) runs on DATA_DIR \S+: stop it, or set another DATA_DIR\.$/,
  );
  expect(code).toBe(2);
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  await stop(program);
});

test('beside a running demo the doctor finds nothing wrong with a network file', async () => {
  const { program } = await start({ DEMO_LIVE: 'off' });
  const rpc = /Local chain\s+(\S+)/.exec(program.output())?.[1];
  const contract = { profile: 'openledger-public', contract: 'OpenToken', address: `0x${'11'.repeat(20)}` };
  const NETWORKS = path.join(dataDir, 'network.json');
  const chain = { chainId: 31337, rpc: [rpc], finality: { depth: 32 }, contracts: [contract] };
  writeFileSync(NETWORKS, JSON.stringify({ chains: [chain] }));
  const { code, output } = await runToEnd('doctor', { ...env(), NETWORKS });
  expect(output).toContain('embedded Postgres: answers; npm start makes the database flywheel in it');
  expect(output).toContain('1 contract, 1 endpoint\n');
  expect(code).toBe(0);
  await stop(program);
});

test('npm run demo:reorg makes a reorg that the indexer follows; npm run reindex goes beside it and without it', async () => {
  const { program, url } = await start();
  // The chain can only take back blocks that it made since it was started.
  const { head } = await status(url);
  await until(async () => (await status(url)).head > head + 3);
  const reorg = await runToEnd('demo:reorg', env());
  expect(reorg).toMatchObject({ code: 0, output: expect.stringContaining('Replaced the last 3 blocks') });
  await until(async () => (await (await fetch(`${url}/metrics`)).text()).match(/reorgs\S* [1-9]/) !== null);
  expect((await status(url)).error).toBeNull();
  expect((await runToEnd('reindex', env())).code).toBe(0);
  const { head: meanwhile } = await status(url);
  await until(async () => (await status(url)).head > meanwhile);
  await stop(program);
  expect((await runToEnd('reindex', env())).code).toBe(0);
  expect(processesOf(dataDir)).toEqual([]);
});

test('kill -9 of the whole tree is survived', async () => {
  const first = await start();
  const { indexed } = await status(first.url);
  // Actors go on, so that there is something to lose.
  await until(async () => (await status(first.url)).indexed > indexed + 2);
  killAll();
  await first.program.exited;
  const second = await start();
  await until(async () => (await fetch(`${second.url}/ready`)).status === 200);
  expect((await status(second.url)).error).toBeNull();
  await stop(second.program);
});

test('a local chain that lost its state is indexed anew, never halted', async () => {
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith('chain.')) rmSync(path.join(dataDir, name), { recursive: true });
  }
  const { program, url } = await start();
  expect(program.output()).toContain('indexing it anew');
  expect((await status(url)).error).toBeNull();
  await stop(program);
});
