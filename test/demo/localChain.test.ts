import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildHistory } from '../../demo/history';
import { type LocalChain, startLocalChain } from '../../demo/localChain';
import { rpcTo, toHex } from '../../demo/rpc';
import { until } from '../run/until';

const numberOf = async (chain: LocalChain) => Number(await rpcTo(chain.url).call<string>('eth_blockNumber'));
const hashAt = async (chain: LocalChain, number: number) =>
  (await rpcTo(chain.url).call<{ hash: string } | null>('eth_getBlockByNumber', [toHex(number), false]))?.hash;
const logCount = async (chain: LocalChain) =>
  (await rpcTo(chain.url).call<unknown[]>('eth_getLogs', [{ fromBlock: '0x0', toBlock: 'latest' }])).length;

const isAlive = (pid: number) => {
  try {
    return !execFileSync('ps', ['-p', String(pid), '-o', 'stat='], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
};

describe('the local chain', () => {
  let dataDir: string;
  let chain: LocalChain;
  const file = (name: string) => path.join(dataDir, name);
  const start = () => startLocalChain({ dataDir, saveMs: 100 });
  /** Only a save that began after the block was mined has it: one under way may still write the state before. */
  const hasSaved = (number: number) => {
    const state = JSON.parse(gunzipSync(readFileSync(file('chain.state.gz'))).toString()) as {
      blocks: { header: { number: string } }[];
    };
    return state.blocks.some(({ header }) => Number(header.number) === number);
  };

  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'flywheel-chain-'));
    chain = await start();
    expect(chain.isNew).toBe(true);
    await buildHistory({ url: chain.url, seed: 1, events: 300 });
  });
  afterAll(async () => {
    await chain.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('goes on after a restart where it was, with every block and log', async () => {
    const [number, logs] = [await numberOf(chain), await logCount(chain)];
    const hashes = [await hashAt(chain, 0), await hashAt(chain, number)];
    await chain.close();
    chain = await start();
    expect(chain.isNew).toBe(false);
    expect([await hashAt(chain, 0), await hashAt(chain, number)]).toEqual(hashes);
    expect(await logCount(chain)).toBe(logs);
    expect((await buildHistory({ url: chain.url, seed: 1, events: 300 })).isNew).toBe(false);
  });

  it('survives a kill -9 with what was saved, and ends an anvil that outlived its parent', async () => {
    const number = await numberOf(chain);
    await rpcTo(chain.url).call('evm_mine', [Math.floor(Date.now() / 1000) + 100]);
    const mined = await hashAt(chain, number + 1);
    await until(() => hasSaved(number + 1));
    const orphan = Number(readFileSync(file('chain.pid'), 'utf8'));
    // The parent would be dead now: what it started is still there, on the same data.
    const parentless = chain;
    chain = await start();
    await until(() => !isAlive(orphan));
    await parentless.close();
    writeFileSync(file('chain.pid'), '');
    expect(chain.isNew).toBe(false);
    expect(await hashAt(chain, number + 1)).toBe(mined);
  });

  it('falls back to the state before a torn one, and to a new chain when both are torn', async () => {
    await chain.close();
    truncateSync(file('chain.state.gz'), 1_000);
    chain = await start();
    expect(chain.isNew).toBe(false);
    await chain.close();
    truncateSync(file('chain.state.gz'), 1_000);
    writeFileSync(file('chain.state.previous.gz'), 'not even gzip');
    chain = await start();
    expect(chain.isNew).toBe(true);
    expect(await numberOf(chain)).toBe(0);
  });
});
