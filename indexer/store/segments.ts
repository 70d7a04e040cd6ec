import type { ClientBase } from 'pg';
import type { ConfiguredContract } from '../../schema/contractSet';
import { type BlockRange, type Header, type Verified, verifiedLevels } from './blockRange';
import { LogPack } from './logPack';
import { decodeSegment, encodeSegment } from './segmentContent';
import type { Together } from './together';

interface SegmentRow {
  from_block: bigint;
  to_block: bigint;
  parent_hash: Buffer;
  last_hash: Buffer;
  last_timestamp: bigint;
  verified: number;
  content: Buffer;
}

const WRITE_SEGMENT = `
  with inside as (
    delete from segment where chain_id = $1 and from_block > $2 and from_block <= $3
  )
  insert into segment (chain_id, from_block, to_block, parent_hash, last_hash, last_timestamp, logs, content, verified)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (chain_id, from_block) do update
  set to_block = excluded.to_block, parent_hash = excluded.parent_hash, last_hash = excluded.last_hash,
    last_timestamp = excluded.last_timestamp, logs = excluded.logs, content = excluded.content,
    verified = excluded.verified`;

/** Stores a range that is applied, in place of what is stored from its first block on or begins inside it. */
export async function writeSegment(client: ClientBase, chainId: number, range: BlockRange): Promise<void> {
  await client.query(WRITE_SEGMENT, valuesOf(chainId, await packSegment(range)));
}

/** As writeSegment does, together with other statements. */
export function addSegment(together: Together, chainId: number, segment: PackedSegment): void {
  together.add(WRITE_SEGMENT, valuesOf(chainId, segment));
}

/**
 * Stores a range that was fetched ahead, if it is still wanted: not where the chain begins later now, is indexed already,
 * or something is stored. The logs are of these contracts alone, so they are refused where the chain is indexed for
 * others: by a worker with another network file, or while it changes.
 * @returns whether the chain is indexed for these contracts
 */
export async function writeFetchedSegment(
  client: ClientBase,
  chainId: number,
  contracts: readonly ConfiguredContract[],
  range: BlockRange,
): Promise<boolean> {
  // The lock waits for a commit that is about to move the checkpoint past this range, and then sees where it stands.
  const { rows } = await client.query<{ ours: boolean }>(
    `with ours as (
       select chain_id, start_block, indexed_number from chain
       where chain_id = $1 and contracts @> $10::jsonb and contracts <@ $10::jsonb for share
     ), written as (
       insert into segment
         (chain_id, from_block, to_block, parent_hash, last_hash, last_timestamp, logs, content, verified)
       select chain_id, $2, $3, $4, $5, $6, $7, $8, $9 from ours
       where $2 >= greatest(start_block, indexed_number + 1)
         and not exists (select from segment s where s.chain_id = $1 and s.from_block between $2 and $3)
         and not exists (
           select from (
             select to_block from segment where chain_id = $1 and from_block < $2 order by from_block desc limit 1
           ) before
           where before.to_block >= $2
         )
       on conflict do nothing
     )
     select exists (select from ours) as ours`,
    [...valuesOf(chainId, await packSegment(range)), JSON.stringify(contracts)],
  );
  return rows[0]?.ours === true;
}

/** A range with its content as it is stored. */
export interface PackedSegment {
  range: BlockRange;
  content: Buffer;
}

export async function packSegment(range: BlockRange): Promise<PackedSegment> {
  return { range, content: await encodeSegment(range) };
}

function valuesOf(chainId: number, { range, content }: PackedSegment): unknown[] {
  return [
    chainId,
    range.fromBlock,
    range.toBlock,
    bytesOf(range.parentHash),
    bytesOf(range.last.hash),
    range.last.timestamp,
    range.logs.length,
    content,
    verifiedLevels[range.verified],
  ];
}

/** Whether this very range is what is stored there, and not one of another fork. */
export async function holdsSegment(
  client: Pick<ClientBase, 'query'>,
  chainId: number,
  { fromBlock, toBlock, parentHash, last }: BlockRange,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from segment
     where chain_id = $1 and from_block = $2 and to_block = $3 and parent_hash = $4 and last_hash = $5`,
    [chainId, fromBlock, toBlock, bytesOf(parentHash), bytesOf(last.hash)],
  );
  return rowCount === 1;
}

/** The stored segment that holds this block, from it on, or undefined. */
export async function readSegment(
  client: Pick<ClientBase, 'query'>,
  chainId: number,
  fromBlock: number,
): Promise<BlockRange | undefined> {
  const { rows } = await client.query<SegmentRow>(
    `select from_block, to_block, parent_hash, last_hash, last_timestamp, verified, content from segment
     where chain_id = $1 and from_block = $2`,
    [chainId, fromBlock],
  );
  return rows[0] && rangeOf(rows[0]);
}

/** Those of the ranges whose first block begins no stored segment: what is still to be fetched. */
export async function withoutSegment<T extends { fromBlock: number }>(
  client: Pick<ClientBase, 'query'>,
  chainId: number,
  ranges: readonly T[],
): Promise<T[]> {
  const { rows } = await client.query<{ from_block: bigint }>(
    'select from_block from segment where chain_id = $1 and from_block = any($2)',
    [chainId, ranges.map(({ fromBlock }) => fromBlock)],
  );
  const stored = new Set(rows.map((row) => Number(row.from_block)));
  return ranges.filter(({ fromBlock }) => !stored.has(fromBlock));
}

/** Whether all of fromBlock..toBlock is stored, in no more than so many segments and with no more than so many logs. */
export async function isStored(
  client: Pick<ClientBase, 'query'>,
  chainId: number,
  fromBlock: number,
  toBlock: number,
  most: { segments: number; logs: number },
): Promise<boolean> {
  const { rows } = await client.query<{ stored: boolean }>(
    `select coalesce(sum(to_block - from_block + 1), 0) = $3::bigint - $2::bigint + 1 and coalesce(sum(logs), 0) <= $5
       as stored
     from (
       select from_block, to_block, logs from segment
       where chain_id = $1 and from_block between $2 and $3 order by from_block limit $4
     ) first
     where to_block <= $3`,
    [chainId, fromBlock, toBlock, most.segments, most.logs],
  );
  return rows[0]?.stored === true;
}

/** The first blocks of fromBlock..toBlock that are still to be fetched; undefined when there are none. */
export async function firstGap(
  client: Pick<ClientBase, 'query'>,
  chainId: number,
  fromBlock: number,
  toBlock: number,
): Promise<{ fromBlock: number; toBlock: number } | undefined> {
  const { rows: chains } = await client.query<{ first: bigint }>(
    'select greatest($2, start_block, indexed_number + 1) as first from chain where chain_id = $1',
    [chainId, fromBlock],
  );
  let next = Number(chains[0]?.first ?? fromBlock);
  const { rows } = await client.query<{ from_block: bigint; to_block: bigint }>(
    `select from_block, to_block from segment
     where chain_id = $1 and from_block <= $3
       and from_block >= coalesce((select max(from_block) from segment where chain_id = $1 and from_block <= $2), $2)
     order by from_block`,
    [chainId, next, toBlock],
  );
  for (const row of rows) {
    if (Number(row.from_block) > next) return { fromBlock: next, toBlock: Number(row.from_block) - 1 };
    next = Math.max(next, Number(row.to_block) + 1);
  }
  return next > toBlock ? undefined : { fromBlock: next, toBlock };
}

/**
 * Removes what is stored across the block that is applied next, or from it on across the last that may be: it would be
 * taken for fetched and never fit.
 */
export async function dropMisfits(
  client: Pick<ClientBase, 'query'>,
  chainId: number,
  next: number,
  lastBlock: number,
): Promise<void> {
  await client.query(
    `delete from segment
     where chain_id = $1 and (
       from_block = $2 and to_block > $3
       or from_block = (select max(from_block) from segment where chain_id = $1 and from_block < $2) and to_block >= $2
     )`,
    [chainId, next, lastBlock],
  );
}

async function rangeOf(row: SegmentRow): Promise<BlockRange> {
  const { headers, logs } = await decodeSegment(row.content);
  const toBlock = Number(row.to_block);
  const last = headers.at(-1);
  return {
    fromBlock: Number(row.from_block),
    toBlock,
    parentHash: hexOf(row.parent_hash),
    last:
      last?.number === toBlock
        ? last
        : { number: toBlock, hash: hexOf(row.last_hash), parentHash: '', timestamp: Number(row.last_timestamp) },
    headers,
    logs,
    verified: levels[row.verified] ?? 'none',
  };
}

const levels = Object.keys(verifiedLevels) as Verified[];

/** Removes everything after `ancestor`; a segment that spans it is cut there. */
export async function truncateSegments(client: ClientBase, chainId: number, ancestor: Header): Promise<void> {
  await client.query('delete from segment where chain_id = $1 and from_block > $2', [chainId, ancestor.number]);
  const { rows } = await client.query<SegmentRow>(
    `select from_block, to_block, parent_hash, last_hash, last_timestamp, verified, content from segment
     where chain_id = $1 and from_block <= $2 and to_block > $2`,
    [chainId, ancestor.number],
  );
  for (const row of rows) {
    const range = await rangeOf(row);
    await writeSegment(client, chainId, {
      ...range,
      toBlock: ancestor.number,
      last: ancestor,
      headers: range.headers.filter(({ number }) => number <= ancestor.number),
      logs: LogPack.of(range.logs.rawLogs().filter(({ blockNumber }) => blockNumber <= ancestor.number)),
    });
  }
}

/** 0x hex to bytea. */
export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}

/** bytea to 0x hex. */
export function hexOf(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`;
}
