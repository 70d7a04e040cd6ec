import type { Pool } from 'pg';
import { decoderOf } from '../../schema/eventDecoder';
import type { EventRow } from '../eventContent';
import type { Found } from './filterTests';
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
 * @param found of blocks in the chain only what these find, where a filter matches nothing else
 */
export async function readItems(
  pool: Pool,
  kind: KindName,
  blocks: readonly PlacedBlock[],
  found: Found | null = null,
): Promise<LiveItem[][]> {
  if (blocks.length === 0) return [];
  const { rows } = await pool.query<ItemRow>({
    name: `live_${kind}_by_${found?.by ?? 'block'}`,
    text: statementOf(kind, found?.by),
    values: [
      blocks.map((_, n) => n),
      blocks.map(({ chainId }) => chainId),
      blocks.map(({ number }) => number),
      blocks.map(({ hash }) => hash),
      blocks.map(({ asOf }) => asOf),
      ...valuesOf(found),
    ],
  });
  const items: LiveItem[][] = blocks.map(() => []);
  for (const row of rows) {
    const block = blocks[row.n] as PlacedBlock;
    const place = block.op === 'APPLY' ? row.rank : block.count - 1 - row.rank;
    const { pos, tx_hash: txHash, contract, item, judged } = row;
    // The one of all rows: each row's own may hold the text of its whole row, for as long as the item is kept.
    const { fragment } = decoderOf(row.fragment);
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
    const of = items[n] as LiveItem[];
    if (kind === 'events' && found === null && of.length !== block.count) throw miscounted(block, of.length);
    if (block.op === 'RETRACT') of.reverse();
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

const ofEvent = 'pos, tx_hash, contract, event_type, topics, data';
const ranked = 'select pos, tx_hash, contract, event_type, row_number() over (order by pos) - 1 as rank';

const span = `, span as (
    select chain_id, min(position_of(number, 0)) as first, max(position_of(number + 1, 0)) as below
    from asked where not gone group by chain_id
  )`;

/**
 * What is posted between the first and the last of the blocks. A row of posting holds ascending positions, the last of
 * them in pos, so one that reaches across the end is the first behind it.
 */
const posted = `, subject as (
    select unnest($6::bytea[]) as subject
    union
    select '\\x0a'::bytea || int2send(id) from event_type where name = any($7::text[])
  )${span}, hit as materialized (
    select distinct s.chain_id, p.pos
    from span s
    cross join subject k
    cross join lateral (
      select x.positions from posting x
      where x.subject = k.subject and x.chain_id = s.chain_id and x.pos >= s.first and x.pos < s.below
      union all
      (select x.positions from posting x
      where x.subject = k.subject and x.chain_id = s.chain_id and x.pos >= s.below order by x.pos limit 1)
    ) l
    cross join lateral unnest(l.positions) as p (pos)
    where p.pos >= s.first and p.pos < s.below
  )`;

/** The rewards between the first and the last of the blocks whose own rows are within the bounds. */
const bounded = `${span}, hit as materialized (
    select x.chain_id, x.pos
    from span s
    cross join lateral (
      select * from reward x
      where x.chain_id = s.chain_id and x.pos >= s.first and x.pos < s.below
        and ($6::numeric is null or x.amount >= $6)
        and ($7::numeric is null or x.amount <= $7)
        and ($8::smallint is null or x.role = $8)
        and ($9::text is null or case $9
          when 'FEE' then x.fee_part when 'EMISSION' then x.emission_part when 'GRANT' then x.grant_part
          when 'SLASH' then x.slash_part else x.unknown_part
        end > 0)
      offset 0
    ) x
  )`;

/** Looked for once, not once for each block: "materialized" above. */
const found = `, found as (
    select a.n, a.chain_id, a.number, h.pos
    from hit h
    join asked a on a.chain_id = h.chain_id and a.number = block_of(h.pos) and not a.gone
  )`;
const foundBy = { postings: posted, rewards: bounded };

function valuesOf(found: Found | null): unknown[] {
  switch (found?.by) {
    case 'postings':
      return [found.subjects, found.names];
    case 'rewards':
      return [found.least, found.most, found.role, found.source];
    default:
      return [];
  }
}

const rankOfFound = `(
    select count(*) from event b
    where b.chain_id = f.chain_id and b.pos >= position_of(f.number, 0) and b.pos < f.pos
  ) as rank`;

// Each block, or each of what was found, by itself ("offset 0"; of a position it is said that it is one), so that no
// estimate can make a plan that goes through whole tables.
function statementOf(kind: KindName, by: Found['by'] | undefined): string {
  const sources = kind === 'events' ? eventSources : itemSources(kind);
  return `${asked}${by ? `${foundBy[by]}${found}` : ''}
    select c.n, c.pos, c.rank::integer as rank, c.item, c.judged, c.tx_hash, c.contract, t.fragment${
      kind === 'events' ? ', c.topics, c.data' : ''
    }
    from (
      ${by ? sources.found : sources.present}
      union all
      ${sources.gone}
    ) c
    join event_type t on t.id = c.event_type
    order by c.n, c.pos, c.item`;
}

interface Sources {
  present: string;
  found: string;
  gone: string;
}

const unjudged = '-1 as item, null as judged';
const rankedEvents = (from: string, where: string) =>
  `select ${ofEvent}, row_number() over (order by pos) - 1 as rank, ${unjudged} from ${from} where ${where} offset 0`;
const eventSources: Sources = {
  present: `select a.n, e.* from asked a cross join lateral (${rankedEvents('event', present)}) e where not a.gone`,
  found: `select f.n, e.* from found f cross join lateral (
      select ${ofEvent}, ${rankOfFound}, ${unjudged} from event e
      where e.chain_id = f.chain_id and e.pos = f.pos offset 0
    ) e`,
  gone: `select a.n, e.* from asked a cross join lateral (${rankedEvents('retracted_event', gone)}) e where a.gone`,
};

function itemSources(kind: Exclude<KindName, 'events'>): Sources {
  const { from, code } = sources[kind];
  return {
    present: `select a.n, e.* from asked a cross join lateral (
        select e.*, i.item, i.judged
        from ${from}(a.chain_id, position_of(a.number, 0), position_of(a.number + 1, 0)) i
        join (${ranked} from event where ${present}) e using (pos)
        offset 0
      ) e
      where not a.gone`,
    found: `select f.n, e.* from found f cross join lateral (
        select e.pos, e.tx_hash, e.contract, e.event_type, ${rankOfFound}, i.item, i.judged
        from ${from}(f.chain_id, f.pos, f.pos + 1) i
        join event e on e.chain_id = f.chain_id and e.pos = f.pos
        where i.pos = f.pos
        offset 0
      ) e`,
    gone: `select a.n, e.* from asked a cross join lateral (
        select e.*, i.item, i.judged
        from (select pos, item, judged from retracted_item where ${gone} and kind = ${code}) i
        join (${ranked} from retracted_event where ${gone}) e using (pos)
        offset 0
      ) e
      where a.gone`,
  };
}
