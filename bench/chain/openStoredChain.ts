import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { rpcTo } from '../../demo/rpc';
import { HISTORY_VERSION } from './benchBlocks';
import { BENCH_CHAIN_ID, type BenchChain, benchConfig, lastRowOf } from './benchChain';
import { buildStoredChain, StoredChain } from './storedChain';

export interface OpenStoredChain extends BenchChain {
  /** Of each block and all before. */
  eventsTo: readonly number[];
}

/** A node of our own with a stored chain of at least this many events, built once and kept in `folder`. */
export async function openStoredChain(folder: string, events: number): Promise<OpenStoredChain> {
  const file = path.join(folder, `chain-${HISTORY_VERSION}-${events}.stored`);
  if (!existsSync(`${file}.json`)) {
    console.log(`Building a stored chain of ${events} events (once) ...`);
    buildStoredChain(file, events);
  }
  const stored = new StoredChain(file);
  const { index, head } = stored;
  stored.close();
  const node = fork(path.join(__dirname, 'storedNode.js'), [file, String(BENCH_CHAIN_ID)]);
  const [port] = (await once(node, 'message')) as [number];
  const url = `http://127.0.0.1:${port}`;
  const config = benchConfig(url);
  return {
    url,
    config,
    head,
    events: index.events.at(-1)!,
    eventsTo: index.events,
    last: await lastRowOf(rpcTo(url), config, head),
    async close() {
      if (node.exitCode !== null) return;
      const exited = once(node, 'exit');
      node.disconnect();
      await exited;
    },
  };
}
