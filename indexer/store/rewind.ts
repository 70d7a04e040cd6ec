import type { ClientBase } from 'pg';
import { AppError } from '../../schema/appError';
import { firstPositionOf } from '../../schema/position';
import type { Header } from './blockRange';
import type { Change } from './changes';
import { rewindDerived } from './derivedRows';
import { type FactTableName, factTables } from './factTables';
import { hexOf, truncateSegments } from './segments';
import { analyzeOutgrown } from './statistics';

/**
 * Takes every block after `ancestor` out of all tables, inside the caller's transaction. What subscribers had of them
 * is kept with the log of changes.
 * @param repairKeepsTo for a range that was not what the chain holds: finalized blocks go too, and come again from their
 *   segments, so these stay up to this block; the chain itself didn't change
 * @returns the retractions, newest block first
 * @throws AppError STOP below a finalized block
 */
export async function rewindTo(
  client: ClientBase,
  chainId: number,
  ancestor: Header,
  repairKeepsTo?: number,
): Promise<Change[]> {
  const retracted = await retractedBlocks(client, chainId, ancestor, repairKeepsTo !== undefined);
  const fromPos = firstPositionOf(ancestor.number + 1);
  await analyzeOutgrown(client);
  await keepRetracted(client, chainId, fromPos);
  await cutPostings(client, chainId, fromPos);
  await rewindDerived(client, chainId, fromPos, async () => {
    for (const table of Object.keys(factTables) as FactTableName[]) {
      await client.query(`delete from ${table} where chain_id = $1 and pos >= $2`, [chainId, fromPos]);
    }
  });
  await client.query('delete from block where chain_id = $1 and number > $2', [chainId, ancestor.number]);
  for (const table of ['header', 'final_header']) {
    await client.query(`delete from ${table} where chain_id = $1 and number > $2`, [chainId, ancestor.number]);
  }
  if (repairKeepsTo !== undefined) {
    // Blocks near the head are asked for again one by one: they can still go, and give segments with other ends.
    await client.query('delete from segment where chain_id = $1 and to_block > $2', [chainId, repairKeepsTo]);
    return retracted;
  }
  await truncateSegments(client, chainId, ancestor);
  await client.query(
    `update chain set reorgs = reorgs + 1, deepest_reorg = greatest(deepest_reorg, (indexed_number - $2)::integer)
     where chain_id = $1`,
    [chainId, ancestor.number],
  );
  return retracted;
}

/** Finalized blocks without logs of ours have left nothing to retract. */
async function retractedBlocks(
  client: ClientBase,
  chainId: number,
  ancestor: Header,
  isRepair: boolean,
): Promise<Change[]> {
  const { rows } = await client.query<{
    number: bigint;
    hash: Buffer;
    timestamp: bigint;
    events: number;
    final: boolean;
  }>(
    `select number, coalesce(h.hash, b.hash) as hash, coalesce(h.timestamp, b.timestamp) as timestamp,
       coalesce(b.events, 0) as events, number <= coalesce(c.finalized_number, -1) as final
     from (select * from header where chain_id = $1 and number > $2) h
     full join (select * from block where chain_id = $1 and number > $2) b using (number)
     join chain c on c.chain_id = $1
     order by number desc`,
    [chainId, ancestor.number],
  );
  const final = !isRepair && rows.find((row) => row.final);
  if (final) {
    throw new AppError('STOP', `a rewind to block ${ancestor.number} would remove finalized block ${final.number}`);
  }
  return rows.map(({ number, hash, timestamp, events }) => ({
    op: 'retract',
    count: events,
    fromBlock: Number(number),
    block: { number: Number(number), hash: hexOf(hash), timestamp: Number(timestamp) },
  }));
}

/** Rows of positions on both sides keep those before. */
async function cutPostings(client: ClientBase, chainId: number, fromPos: bigint): Promise<void> {
  await client.query(
    `with gone as (
       delete from posting where chain_id = $1 and pos >= $2 returning subject, positions
     )
     insert into posting (chain_id, pos, subject, positions)
     select $1, kept.pos, gone.subject, kept.positions
     from gone
     cross join lateral (
       select max(p) as pos, array_agg(p order by p) as positions from unnest(gone.positions) p where p < $2
     ) kept
     where gone.positions[1] < $2`,
    [chainId, fromPos],
  );
}

/** The same block may come and go several times (A-B-A): its content is kept once. */
async function keepRetracted(client: ClientBase, chainId: number, fromPos: bigint): Promise<void> {
  await client.query(
    `insert into retracted_event (chain_id, block_hash, pos, tx_hash, contract, event_type, topics, data)
     select e.chain_id, b.hash, e.pos, e.tx_hash, e.contract, e.event_type, e.topics, e.data
     from event e
     join block b on b.chain_id = e.chain_id and b.number = block_of(e.pos)
     where e.chain_id = $1 and e.pos >= $2
     on conflict do nothing`,
    [chainId, fromPos],
  );
  await client.query(
    `insert into retracted_item (chain_id, block_hash, kind, pos, item, judged)
     select $1, b.hash, i.kind, i.pos, i.item, i.judged
     from live_items($1, $2, 9223372036854775807) i
     join block b on b.chain_id = $1 and b.number = block_of(i.pos)
     on conflict do nothing`,
    [chainId, fromPos],
  );
}
