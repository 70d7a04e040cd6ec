import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Anvil, spawnAnvil } from './anvil';
import { readDeployment } from './deployment';
import { HISTORY_DAYS } from './history';
import { type Rpc, rpcTo } from './rpc';
import { DAY } from './scene';

export const LOCAL_CHAIN_ID = 31337;

/** Saving may take this part of the time at most: a chain that has grown is saved less often. */
const SAVE_SHARE = 0.05;

export interface LocalChainOptions {
  dataDir: string;
  /** A free one if it is left out. */
  port?: number;
  /** From one save to the next. */
  saveMs?: number;
}

export interface LocalChain {
  url: string;
  chainId: number;
  /** False: it goes on from a state that was saved before. */
  isNew: boolean;
  close(): Promise<void>;
}

/**
 * A chain of our own that survives a restart and a kill -9 of everything: its state is saved to `dataDir` every few
 * seconds, whole or not at all (anvil's own `--state` overwrites the file in place, and a kill in between leaves half of
 * it). What was mined after the last save is lost with a kill; the chain then goes on from a few blocks before.
 * Nothing is saved before the history is built, so a build that was interrupted starts again from nothing.
 *
 * No block is mined but on demand (`evm_mine`), gas costs nothing, and any sender is accepted without a key.
 */
export async function startLocalChain({ dataDir, port, saveMs = 5_000 }: LocalChainOptions): Promise<LocalChain> {
  mkdirSync(dataDir, { recursive: true });
  const files = filesIn(dataDir);
  endOrphan(files);
  const { anvil, isNew } = await startFromState(files, port);
  writeFileSync(files.pid, String(anvil.pid));
  const rpc = rpcTo(anvil.url);
  const saver = keepSaving(rpc, files, saveMs);
  return {
    url: anvil.url,
    chainId: LOCAL_CHAIN_ID,
    isNew,
    async close() {
      await saver.close();
      await anvil.close();
      rmSync(files.pid, { force: true });
    },
  };
}

type Files = ReturnType<typeof filesIn>;

function filesIn(dataDir: string) {
  const file = (name: string) => path.join(path.resolve(dataDir), name);
  return {
    state: file('chain.state.gz'),
    previous: file('chain.state.previous.gz'),
    unpacked: file('chain.state.json'),
    pid: file('chain.pid'),
    /** Anvil writes its keys there, which are public; the path also tells its process apart from any other anvil. */
    config: file('chain.config.json'),
  };
}

/** The newest state that anvil takes, else the one before, else a new chain that begins 60 days ago. */
async function startFromState(files: Files, port: number | undefined): Promise<{ anvil: Anvil; isNew: boolean }> {
  for (const state of [files.state, files.previous]) {
    if (!existsSync(state)) continue;
    try {
      writeFileSync(files.unpacked, withOneGenesis(gunzipSync(readFileSync(state))));
      const args = ['--load-state', files.unpacked, ...argumentsOf(files)];
      return { anvil: await spawnAnvil({ port, args, startTimeoutMs: 120_000, detached: true }), isNew: false };
    } catch (error) {
      if (error instanceof Error && /in use/i.test(error.message)) throw error;
      renameSync(state, `${state}.broken`);
    } finally {
      rmSync(files.unpacked, { force: true });
    }
  }
  const genesis = Math.floor(Date.now() / 1000) - HISTORY_DAYS * DAY - 60;
  return {
    anvil: await spawnAnvil({ port, args: ['--timestamp', String(genesis), ...argumentsOf(files)], detached: true }),
    isNew: true,
  };
}

/**
 * Every start of anvil makes a block 0 of its own before it loads ours, and saves both; of several that it loads any one
 * may become the chain's. The oldest is ours: the others were made by later starts.
 */
function withOneGenesis(state: Buffer): string {
  const { blocks, ...rest } = JSON.parse(state.toString()) as {
    blocks: { header: { number: string; timestamp: string } }[];
  };
  const isGenesis = ({ header }: (typeof blocks)[number]) => Number(header.number) === 0;
  const oldest = Math.min(...blocks.filter(isGenesis).map(({ header }) => Number(header.timestamp)));
  const kept = blocks.filter((block) => !isGenesis(block) || Number(block.header.timestamp) === oldest);
  return JSON.stringify({ ...rest, blocks: kept });
}

function argumentsOf(files: Files): string[] {
  return ['--chain-id', String(LOCAL_CHAIN_ID), '--config-out', files.config, ...DEMO_CHAIN_ARGUMENTS];
}

/** What the history and the actors need of anvil. Transactions of a block run in the order in which they were sent. */
export const DEMO_CHAIN_ARGUMENTS: readonly string[] = [
  '--no-mining',
  '--order',
  'fifo',
  '--auto-impersonate',
  '--accounts',
  '1',
  '--gas-limit',
  '2000000000',
  '--block-base-fee-per-gas',
  '0',
  '--gas-price',
  '0',
  '--disable-min-priority-fee',
  '--disable-code-size-limit',
  '--no-request-size-limit',
  // States in memory, for reorgs; without it anvil writes gigabytes to the home folder.
  '--prune-history',
  '64',
];

/** After a kill -9 of ours, anvil may live on, on the port and the state that are wanted now. */
function endOrphan(files: Files): void {
  if (!existsSync(files.pid)) return;
  const pid = Number(readFileSync(files.pid, 'utf8'));
  rmSync(files.pid, { force: true });
  if (!Number.isInteger(pid) || pid <= 1) return;
  try {
    const command = execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    if (command.includes(files.config)) process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone, and that is what was wanted.
  }
}

function keepSaving(rpc: Rpc, files: Files, saveMs: number) {
  let savedHead = '';
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let running: Promise<void> = Promise.resolve();

  const save = async (): Promise<number> => {
    const { hash } = await rpc.call<{ hash: string }>('eth_getBlockByNumber', ['latest', false]);
    if (hash === savedHead || !(await readDeployment(rpc))) return 0;
    const started = performance.now();
    const packed = await rpc.call<string>('anvil_dumpState');
    const took = performance.now() - started;
    const next = `${files.state}.next`;
    writeFileSync(next, Buffer.from(packed.slice(2), 'hex'), { flush: true });
    if (existsSync(files.state)) renameSync(files.state, files.previous);
    renameSync(next, files.state);
    savedHead = hash;
    return took;
  };
  const again = (ms: number) => {
    if (closed) return;
    timer = setTimeout(() => {
      // A chain that doesn't answer is its owner's to notice; saving just tries again.
      running = save().then(
        (took) => again(Math.max(saveMs, took / SAVE_SHARE)),
        () => again(saveMs),
      );
    }, ms);
  };
  again(saveMs);
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
      await save().catch(() => 0);
    },
  };
}
