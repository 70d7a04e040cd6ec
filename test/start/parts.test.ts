import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Anvil } from '../../demo/anvil';
import { startAnvil } from '../chain/anvil';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import { runToEnd, startProgram, untilPrinted } from './program';

let folder: string;
let database: TestDatabase;
let chain: Anvil;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parts-'));
  database = await createDatabase({ empty: true });
  chain = await startAnvil();
  const contract = { profile: 'openledger-public', contract: 'OpenToken', address: `0x${'11'.repeat(20)}` };
  const local = { chainId: 31337, name: 'local', rpc: [chain.url], finality: { depth: 32 }, contracts: [contract] };
  const NETWORKS = path.join(folder, 'network.json');
  writeFileSync(NETWORKS, JSON.stringify({ chains: [local] }));
  env = { NETWORKS, DATABASE_URL: database.url, DATA_DIR: path.join(folder, 'data') };
});
afterAll(async () => {
  await chain.close();
  await database.close();
  await rm(folder, { recursive: true });
});

const indexed = async () =>
  (await database.pool.query('select indexed_number::int as n from chain')).rows[0]?.n as number | undefined;

async function mine(blocks: number): Promise<void> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_mine', params: [blocks] });
  await fetch(chain.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

test('an indexer and a worker of their own follow the chain, and end with 0 on SIGTERM and SIGINT', async () => {
  await mine(100);
  const worker = startProgram('worker', env);
  const indexer = startProgram('indexer', env);
  await untilPrinted(indexer, 'Following local');
  await untilPrinted(worker, 'Fetching for local');
  await until(async () => (await indexed()) === 100);
  await mine(1);
  await until(async () => (await indexed()) === 101);
  indexer.child.kill('SIGTERM');
  worker.child.kill('SIGINT');
  expect([await indexer.exited, await worker.exited]).toEqual([0, 0]);
});

test('the doctor finds nothing wrong with them', async () => {
  const { code, output } = await runToEnd('doctor', { ...env, PORT: '0' });
  expect(output).toMatch(/ok {7}schema: up to date\n/);
  expect(output).toMatch(/ok {7}local \(31337\): what is indexed was decoded as this release does it\n/);
  expect(output).toMatch(/ok {7}local rpc\[0\] \S+: chain 31337, head 101, /);
  expect(output).toMatch(/ok {7}local rpc\[0\] \S+: eth_getLogs over 10000 blocks or more\n/);
  expect(output).toMatch(/warning {2}local rpc\[0\] \S+: no contract at 0x1111/);
  expect(output).toMatch(/Nothing is wrong\.\n$/);
  expect(code).toBe(0);
});

test('the doctor says what another network file would change: chains that are left out, contracts that are added', async () => {
  const contracts = ['OpenToken', 'CreditManager'].map((contract, i) => ({
    profile: 'openledger-public',
    contract,
    address: `0x${String(i + 1).repeat(40)}`,
  }));
  const NETWORKS = path.join(folder, 'other.json');
  const withChain = (chainId: number) =>
    writeFileSync(NETWORKS, JSON.stringify({ chains: [{ chainId, name: 'local', rpc: [chain.url], contracts }] }));
  withChain(31337);
  expect((await runToEnd('doctor', { ...env, NETWORKS, PORT: '0' })).output).toMatch(
    /warning {2}local \(31337\): the network file has other contracts .* reads it anew from block 0.*\n\s+-> .*another database first/,
  );
  withChain(5);
  expect((await runToEnd('doctor', { ...env, NETWORKS, PORT: '0' })).output).toMatch(
    /warning {2}local \(31337\): is in the database and not in the network file: .*\n\s+-> give NETWORKS to the API/,
  );
});

test('the doctor names everything that is wrong, with advice, and ends with 1', async () => {
  const NETWORKS = path.join(folder, 'wrong.json');
  const contract = { profile: 'openledger-public', contract: 'OpenToken', address: `0x${'11'.repeat(20)}` };
  const rpc = [chain.url, 'http://127.0.0.1:2'];
  writeFileSync(NETWORKS, JSON.stringify({ chains: [{ chainId: 5, name: 'five', rpc, contracts: [contract] }] }));
  const { code, output } = await runToEnd('doctor', { ...env, NETWORKS, DATABASE_URL: 'postgresql://127.0.0.1:2/x' });
  expect(output).toMatch(/WRONG {4}DATABASE_URL: .*ECONNREFUSED.*\n\s+-> start the database/);
  expect(output).toMatch(/WRONG {4}five rpc\[0\] \S+: is chain 31337, the network file says 5\n\s+-> correct chainId/);
  expect(output).toMatch(/WRONG {4}five rpc\[1\] \S+: does not answer: .*ECONNREFUSED.*\n\s+-> check the URL/);
  expect(output).toMatch(/3 things are wrong\.\n$/);
  expect(code).toBe(1);
});
