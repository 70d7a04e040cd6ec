import type { Pool } from 'pg';
import type { EventRow } from '../eventContent';
import type { JudgedOf, KindName } from './judged';
import type { LiveItem } from './liveItem';
import type { PlacedBlock } from './placedBlocks';

/** The function of migrations/0018_live.sql, and its code in retracted_item. */
const sources: Record<Exclude<KindName, 'events'>, { from: string; code: number }> = {
  rewards: { from: 'reward_items', code: 2 },
  claims: { from: 'claim_items', code: 3 },
  reversals: { from: 'reversal_items', code: 4 },
  contributions: { from: 'contribution_items', code: 5 },
  inferences: { from: 'inference_items', code: 6 },
  influences: { from: 'influence_items', code: 7 },
};

interface ItemRow extends Omit<EventRow, 'chain_id'> {
  n: number;
  rank: number;
  item: number;
  judged: JudgedOf[Exclude<KindName, 'events'>] | null;
}

/**
 * What a kind of stream holds of each block, in the order of its positions: of a retraction the newest first. One statement
 * is one snapshot: a reorg can't fall between what is in the chain and what has left it.
 */
export async function readItems(pool: Pool, kind: KindName, blocks: readonly PlacedBlock[]): Promise<LiveItem[][]> {
  if (blocks.length === 0) return [];
  const { rows } = await pool.query<ItemRow>({
    name: `live_${kind}`,
    text: kind === 'events' ? eventStatement : itemStatement(kind),
    values: [
      blocks.map((_, n) => n),
      blocks.map(({ chainId }) => chainId),
      blocks.map(({ number }) => number),
      blocks.map(({ hash }) => hash),
      blocks.map(({ asOf }) => asOf),
    ],
  });
  const items: LiveItem[][] = blocks.map(() => []);
  for (const row of rows) {
    const block = blocks[row.n] as PlacedBlock;
    const place = block.op === 'APPLY' ? row.rank : block.count - 1 - row.rank;
    const { pos, tx_hash: txHash, contract, fragment, item, judged } = row;
    const event = {
      chain_id: block.chainId,
      pos,
      tx_hash: txHash,
      contract,
      fragment,
      topics: row.topics,
      data: row.data,
    };
    items[row.n]?.push({
      block,
      position: block.position + BigInt(place),
      item,
      pos,
      txHash,
      contract,
      fragment,
      judged: judged ?? event,
    });
  }
  for (const [n, block] of blocks.entries()) {
    const found = items[n] as LiveItem[];
    if (kind === 'events' && found.length !== block.count) throw miscounted(block, found.length);
    if (block.op === 'RETRACT') found.reverse();
  }
  return items;
}

function miscounted({ number, chainId, count, asOf }: PlacedBlock, found: number): Error {
  return new Error(
    `block ${number} of chain ${chainId} should hold ${count} events for the log of changes at ${asOf}, it holds ${found}`,
  );
}

/** Blocks that left the chain after the row that speaks of them are read from what was kept of them. */
const asked = `
  with asked as (
    select a.*, exists (
      select from change x
      where x.chain_id = a.chain_id and x.block_number = a.number and x.block_hash = a.hash and x.op = 2
        and x.position >= a.as_of
    ) as gone
    from unnest($1::integer[], $2::integer[], $3::bigint[], $4::bytea[], $5::bigint[])
      as a (n, chain_id, number, hash, as_of)
  )`;
const present = `chain_id = a.chain_id and pos >= position_of(a.number, 0) and pos < position_of(a.number + 1, 0)`;
const gone = 'chain_id = a.chain_id and block_hash = a.hash';

// Each block by itself ("offset 0"), so that no estimate can make a plan that goes through whole tables.
const eventStatement = `${asked}
  select c.n, c.pos, (row_number() over (partition by c.n order by c.pos))::integer - 1 as rank, -1 as item,
    null as judged, c.tx_hash, c.contract, t.fragment, c.topics, c.data
  from (
    select a.n, e.*
    from asked a
    cross join lateral (
      select pos, tx_hash, contract, event_type, topics, data from event where ${present} offset 0
    ) e
    where not a.gone
    union all
    select a.n, e.*
    from asked a
    cross join lateral (
      select pos, tx_hash, contract, event_type, topics, data from retracted_event where ${gone} offset 0
    ) e
    where a.gone
  ) c
  join event_type t on t.id = c.event_type
  order by c.n, c.pos`;

function itemStatement(kind: Exclude<KindName, 'events'>): string {
  const { from, code } = sources[kind];
  const ranked = 'select pos, tx_hash, contract, event_type, row_number() over (order by pos) - 1 as rank';
  return `${asked}
    select c.n, c.pos, c.rank::integer as rank, c.item, c.judged, c.tx_hash, c.contract, t.fragment
    from (
      select a.n, e.*
      from asked a
      cross join lateral (
        select e.*, i.item, i.judged
        from ${from}(a.chain_id, position_of(a.number, 0), position_of(a.number + 1, 0)) i
        join (${ranked} from event where ${present}) e using (pos)
        offset 0
      ) e
      where not a.gone
      union all
      select a.n, e.*
      from asked a
      cross join lateral (
        select e.*, i.item, i.judged
        from (select pos, item, judged from retracted_item where ${gone} and kind = ${code}) i
        join (${ranked} from retracted_event where ${gone}) e using (pos)
        offset 0
      ) e
      where a.gone
    ) c
    join event_type t on t.id = c.event_type
    order by c.n, c.pos, c.item`;
}
