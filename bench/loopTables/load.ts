// An entry: our ingest path (fetch, check, decode, project, COPY) into the loop's tables alone, in one process with one
// connection (two for the indexes at the end), as fast as the peers' tables allow. Promises of ours that the peers don't make can be added one by one:
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

const RANGE_BLOCKS = 40;
const RANGES_AHEAD = 2;
/** A commit's own price is small then, and its rows don't fill the memory. */
const EVENTS_PER_COMMIT = 20_000;

async function main(networkFile: string, promises: PromiseName[], databaseUrl: string): Promise<void> {
  const chain = parseNetworkFile(JSON.parse(readFileSync(networkFile, 'utf8')), {}, profiles).chains[0]!;
  const contracts = new ContractSet(chain.contracts, profiles);
  const source = new ChainSource(chain);
  const tip = source.tip();
  const config = connectionConfig(databaseUrl, { applicationName: 'flywheel-bench' });
  const [client, second] = [new Client(config), new Client(config)];
  await Promise.all([client.connect(), second.connect()]);
  const head = (await tip).head.number;
  const ranges = rangesAhead(source, contracts.addresses, head);
  let next = ranges.next();
  await createLoopTables(client);
  const extra = await openPromises(client, chain, contracts, promises);

  let written: Promise<void> = Promise.resolve();
  let batch = new LoopBatch(chain.chainId);
  let commits: PromiseWriter[] = [];
  let events = 0;
  for (let { done, value: range } = await next; !done && range; { done, value: range } = await next) {
    next = ranges.next();
    const timestamps = new Map(range.headers.map(({ number, timestamp }) => [number, timestamp]));
    for (const log of range.logs) {
      const decoding = contracts.decode(log);
      if (decoding.kind !== 'event') continue;
      batch.add(log, decoding, timestamps.get(log.blockNumber)!);
      extra.add(log, decoding);
      events++;
    }
    commits.push(extra.take(range));
    if (events < EVENTS_PER_COMMIT && range.toBlock < head) continue;
    // What comes next is fetched and decoded while Postgres takes this in.
    await written;
    written = commit(client, { toBlock: range.toBlock, hash: range.last.hash }, batch, commits);
    written.catch(() => undefined);
    [batch, commits, events] = [new LoopBatch(chain.chainId), [], 0];
  }
  await written;
  await createLoopIndexes([client, second]);
  await extra.finish();
  await Promise.all([client.end(), second.end()]);
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
  extra: readonly PromiseWriter[],
): Promise<void> {
  await client.query('begin');
  await writeLoop(client, batch);
  for (const write of extra) await write();
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
