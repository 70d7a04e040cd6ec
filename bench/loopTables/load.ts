// An entry: our ingest path (fetch, check, decode, project, COPY) into the loop's tables alone, in one process with one
// connection, as fast as the peers' tables allow. Promises of ours that the peers don't make can be added one by one:
//   load.js network.json segments,events,subjects     DATABASE_URL: of an empty database
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { connectionConfig } from '../../db/pool';
import { fetchRange } from '../../indexer/ranges/fetchRange';
import { ChainSource } from '../../indexer/rpc/chainSource';
import type { BlockRange } from '../../indexer/store/blockRange';
import { ContractSet } from '../../schema/contractSet';
import { parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { LoopBatch } from './loopBatch';
import { createLoopIndexes, createLoopTables, LOOP_SCHEMA } from './loopSchema';
import { openPromises, type PromiseName, type PromiseWriter } from './promises';
import { writeLoop } from './writeLoop';

/** About 8,000 events of a dense chain: a commit's own price is small then, and its rows don't fill the memory. */
const RANGE_BLOCKS = 40;
const RANGES_AHEAD = 2;

async function main(networkFile: string, promises: PromiseName[], databaseUrl: string): Promise<void> {
  const chain = parseNetworkFile(JSON.parse(readFileSync(networkFile, 'utf8')), {}, profiles).chains[0]!;
  const contracts = new ContractSet(chain.contracts, profiles);
  const source = new ChainSource(chain);
  const client = new Client(connectionConfig(databaseUrl, { applicationName: 'flywheel-bench' }));
  await client.connect();
  await createLoopTables(client);
  const extra = await openPromises(client, chain, contracts, promises);

  const head = (await source.tip()).head.number;
  let written: Promise<void> = Promise.resolve();
  for await (const range of rangesAhead(source, contracts.addresses, head)) {
    const batch = new LoopBatch(chain.chainId);
    const timestamps = new Map(range.headers.map(({ number, timestamp }) => [number, timestamp]));
    for (const log of range.logs) {
      const decoding = contracts.decode(log);
      if (decoding.kind !== 'event') continue;
      batch.add(log, decoding, timestamps.get(log.blockNumber)!);
      extra.add(log, decoding);
    }
    // What comes next is fetched and decoded while Postgres takes this in.
    await written;
    // Its logs are not needed any more: what is let go before it grows old costs the garbage collector little.
    written = commit(client, { toBlock: range.toBlock, hash: range.last.hash }, batch, extra.take(range));
    written.catch(() => undefined);
  }
  await written;
  await createLoopIndexes(client);
  await extra.finish();
  await client.end();
  await source.close();
}

/** In chain order, each the child of the one before. */
async function* rangesAhead(source: ChainSource, addresses: readonly string[], head: number) {
  const ahead: Promise<BlockRange[]>[] = [];
  let parent: string | undefined;
  for (let from = 0; from <= head || ahead.length > 0; ) {
    while (from <= head && ahead.length < RANGES_AHEAD) {
      const fetched = fetchPieces(source, addresses, from, Math.min(from + RANGE_BLOCKS - 1, head));
      fetched.catch(() => undefined);
      ahead.push(fetched);
      from += RANGE_BLOCKS;
    }
    for (const range of (await ahead.shift())!) {
      if (parent !== undefined && range.parentHash !== parent) throw new Error(`a reorg at block ${range.fromBlock}`);
      parent = range.last.hash;
      yield range;
    }
  }
}

/** A fetch ends where an answer is large enough. */
async function fetchPieces(source: ChainSource, addresses: readonly string[], fromBlock: number, toBlock: number) {
  const pieces: BlockRange[] = [];
  for (let from = fromBlock; from <= toBlock; from = pieces.at(-1)!.toBlock + 1) {
    pieces.push(await fetchRange(source, addresses, from, toBlock));
  }
  return pieces;
}

async function commit(
  client: Client,
  to: { toBlock: number; hash: string },
  batch: LoopBatch,
  extra: PromiseWriter,
): Promise<void> {
  await client.query('begin');
  await writeLoop(client, batch);
  await extra();
  await client.query(`update ${LOOP_SCHEMA}.checkpoint set number = $1, hash = $2`, [to.toBlock, to.hash]);
  await client.query('commit');
}

const [networkFile, promises = ''] = process.argv.slice(2) as [string, string?];
main(networkFile, promises.split(',').filter(Boolean) as PromiseName[], process.env.DATABASE_URL as string).catch(
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
