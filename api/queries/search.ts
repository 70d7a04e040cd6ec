import type { BlockRow } from '../blocks';
import { toBytes } from '../bytes';
import type { Context } from '../context';
import { subjectIds } from '../eventContent';
import { accountId, contributionId, datanetId, inferenceId, modelId, parseId, poolId } from '../ids';
import { loadNode } from '../nodes';
import { sql } from '../sql';
import { blockOfRow } from '../types/block';
import type { Found } from '../types/searchResult';
import { eventsOfTransaction } from './events';

const EVENTS_OF_A_TRANSACTION = 100;
const MAX_UINT256 = 2n ** 256n - 1n;
/** Of the types that a search may find; others (disputes, claims, tokens, …) have no place in its results. */
const SEARCHED = new Set(['datanet', 'contribution', 'model', 'adapter', 'inference', 'account', 'pool', 'reward']);

/** A step's candidates: ids that may or may not exist, or blocks. */
type Candidate = string | BlockRow;
type Step = (context: Context, text: string, limit: number) => Promise<Candidate[]> | Candidate[];

/** In the contract's order: the exact id; what a hash is of; what has that number; names. */
const steps: readonly Step[] = [byId, byAddress, byTransaction, byHash, byNumber, byName];

/** What the text may mean, each once, the likeliest first. */
export async function search(context: Context, text: string, first: number): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (const step of steps) {
    if (found.size >= first) break;
    for (const candidate of await step(context, text, first)) {
      if (typeof candidate !== 'string') {
        found.set(`block:${candidate.chain_id}:${candidate.number}`, blockOfRow(context, candidate));
      } else if (!found.has(candidate) && SEARCHED.has(candidate.slice(0, candidate.indexOf(':')))) {
        const node = await loadNode(context, candidate);
        if (node) found.set(candidate, node);
      }
      if (found.size >= first) break;
    }
  }
  return [...found.values()].slice(0, first);
}

function byId(_: Context, text: string): Candidate[] {
  const id = text.toLowerCase();
  return parseId(id) ? [id] : [];
}

function byAddress(_: Context, text: string): Candidate[] {
  return /^0x[0-9a-f]{40}$/i.test(text) ? [accountId(toBytes(text))] : [];
}

function isHash(text: string): boolean {
  return /^0x[0-9a-f]{64}$/i.test(text);
}

async function byTransaction(context: Context, text: string): Promise<Candidate[]> {
  if (!isHash(text)) return [];
  return (await eventsOfTransaction(context, toBytes(text), EVENTS_OF_A_TRANSACTION)).flatMap(subjectIds);
}

async function byHash(context: Context, text: string, limit: number): Promise<Candidate[]> {
  if (!isHash(text)) return [];
  const hash = toBytes(text);
  const contributions = await context.snapshot.query<{ chain_id: number; id: string }>(sql`
    select chain_id, contribution_id::text as id
    from contribution
    where content_hash = ${hash}::bytea
    order by chain_id, pos, item
    limit ${limit}`);
  const blocks = await context.snapshot.query<BlockRow>(sql`
    select chain_id, number, hash, timestamp from block where hash = ${hash}::bytea order by chain_id`);
  const chains = await context.chains();
  return [
    ...contributions.map(({ chain_id, id }) => contributionId(chain_id, id)),
    ...chains.map(({ chain_id }) => inferenceId(chain_id, hash)),
    ...chains.map(({ chain_id }) => poolId(chain_id, hash)),
    ...blocks,
  ];
}

async function byNumber(context: Context, text: string): Promise<Candidate[]> {
  if (!/^\d{1,78}$/.test(text) || BigInt(text) > MAX_UINT256) return [];
  const number = BigInt(text);
  const blocks =
    number >= 2n ** 62n
      ? []
      : await context.snapshot.query<BlockRow>(sql`
          select chain_id, number, hash, timestamp from block where number = ${number}::bigint
          union
          select chain_id, number, hash, timestamp from header where number = ${number}::bigint
          order by chain_id`);
  const chains = (await context.chains()).map(({ chain_id }) => chain_id);
  return [
    ...blocks,
    ...chains.map((chainId) => datanetId(chainId, number)),
    ...chains.map((chainId) => modelId(chainId, number)),
    ...chains.map((chainId) => contributionId(chainId, number)),
  ];
}

/** Of names that begin alike the shorter is more similar. Case is Unicode's, whatever the database's locale is. */
async function byName(context: Context, text: string, limit: number): Promise<Candidate[]> {
  const rows = await context.snapshot.query<{ kind: string; chain_id: number; id: string }>(sql`
    with named as (
      select hash, name from document
      where state = 'fetched'
        and starts_with(folded(name), folded(${text}::text))
    )
    select f.kind, f.chain_id, f.id
    from (
      select 'datanet' as kind, s.chain_id, s.datanet_id::text as id, min(n.name) as name, s.pos
      from named n
      join datanet_state s on s.metadata_hash = n.hash
      group by s.chain_id, s.datanet_id
      union all
      select 'model', m.chain_id, m.model_id::text, min(n.name), m.pos
      from named n
      join model m on m.metadata_hash = n.hash
      group by m.chain_id, m.model_id
    ) f
    order by length(f.name), lower(f.name), f.kind, f.chain_id, f.pos
    limit ${limit}`);
  return rows.map(({ kind, chain_id, id }) => (kind === 'model' ? modelId(chain_id, id) : datanetId(chain_id, id)));
}
