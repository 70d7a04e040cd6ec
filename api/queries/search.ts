import { type BlockRow, hashedBlock, numberedBlocks } from '../blocks';
import { toBytes } from '../bytes';
import type { Context } from '../context';
import { type EventRow, subjectIds } from '../eventContent';
import { accountId, contributionId, datanetId, inferenceId, modelId, parseId, poolId } from '../ids';
import { loadNode } from '../nodes';
import { Sql, sql } from '../sql';
import { blockOfRow } from '../types/block';
import type { Found } from '../types/searchResult';
import { eventsOfTransaction } from './events';

const EVENTS_AT_A_TIME = 100;
/** Of a transaction no more are looked at: who has more than this holds up no others. */
const MOST_EVENTS = 5_000;
const MAX_UINT256 = 2n ** 256n - 1n;
/** Of the types that a search may find; others (disputes, claims, tokens, …) have no place in its results. */
const SEARCHED = new Set(['datanet', 'contribution', 'model', 'adapter', 'inference', 'account', 'pool', 'reward']);

/** A step's candidates: ids that may or may not exist, or blocks. */
type Candidate = string | BlockRow;
/** Of several parts no more are asked for than it takes to find enough. */
type Candidates = Candidate[] | Promise<Candidate[]> | AsyncGenerator<Candidate[]>;
type Step = (context: Context, text: string, limit: number) => Candidates;

/** In the contract's order: the exact id; what a hash is of; what has that number; names. */
const steps: readonly Step[] = [byId, byAddress, byTransaction, byHash, byNumber, byName, bySimilarName];

/** What the text may mean, each once, the likeliest first. */
export async function search(context: Context, text: string, first: number): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (const step of steps) {
    for await (const candidates of partsOf(step(context, text, first))) {
      // Asked for together, which is a statement for each type.
      const nodes = await Promise.all(candidates.map((candidate) => load(context, candidate)));
      for (const [i, node] of nodes.entries()) if (node) found.set(idOf(candidates[i] as Candidate), node);
      if (found.size >= first) return [...found.values()].slice(0, first);
    }
  }
  return [...found.values()];
}

async function* partsOf(candidates: Candidates): AsyncGenerator<Candidate[]> {
  if (Symbol.asyncIterator in candidates) yield* candidates;
  else yield await candidates;
}

function load(context: Context, candidate: Candidate): Found | Promise<Found | null> | null {
  if (typeof candidate !== 'string') return blockOfRow(context, candidate);
  return SEARCHED.has(candidate.slice(0, candidate.indexOf(':'))) ? loadNode(context, candidate) : null;
}

function idOf(candidate: Candidate): string {
  return typeof candidate === 'string' ? candidate : `block:${candidate.chain_id}:${candidate.number}`;
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

/** Its events are read as far as it takes: there may be thousands, that name the same or what doesn't exist. */
async function* byTransaction(context: Context, text: string): AsyncGenerator<Candidate[]> {
  if (!isHash(text)) return;
  let last: EventRow | undefined;
  for (let read = 0; read < MOST_EVENTS; read += EVENTS_AT_A_TIME) {
    const events = await eventsOfTransaction(context, toBytes(text), last, EVENTS_AT_A_TIME);
    yield events.flatMap(subjectIds);
    last = events[EVENTS_AT_A_TIME - 1];
    if (!last) return;
  }
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
  const chains = await context.chains();
  const blocks = await Promise.all(chains.map(({ chain_id }) => hashedBlock(context, chain_id, hash)));
  return [
    ...contributions.map(({ chain_id, id }) => contributionId(chain_id, id)),
    ...chains.map(({ chain_id }) => inferenceId(chain_id, hash)),
    ...chains.map(({ chain_id }) => poolId(chain_id, hash)),
    ...blocks.flatMap((block) => (block ? [block] : [])),
  ];
}

async function byNumber(context: Context, text: string): Promise<Candidate[]> {
  if (!/^\d{1,78}$/.test(text) || BigInt(text) > MAX_UINT256) return [];
  const number = BigInt(text);
  const blocks = number < 2n ** 62n ? await numberedBlocks(context, number) : [];
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
  return named(
    context,
    sql`select hash, name, 0 as unlike from document
      where state = 'fetched' and starts_with(names.folded(name), names.folded(${text}::text))`,
    limit,
  );
}

/**
 * Of its words some are like those of the text: at least so much of the trigrams is in both. Lower than pg_trgm's own
 * limit, which takes "soldity" for something else than "solidity".
 */
const LIKE = '0.3';

/** Names in spite of typing errors, and by a word inside; none where the database has no pg_trgm. */
async function bySimilarName(context: Context, text: string, limit: number): Promise<Candidate[]> {
  if (parseId(text.toLowerCase())) return [];
  const [trigrams] = await context.snapshot.query<{ place: string }>(sql`
    select quote_ident(nspname) as place, set_config('pg_trgm.strict_word_similarity_threshold', ${LIKE}, true)
    from pg_extension e
    join pg_namespace n on n.oid = e.extnamespace
    where extname = 'pg_trgm'`);
  if (!trigrams) return [];
  const place = new Sql([trigrams.place], []);
  return named(
    context,
    sql`select hash, name, 1 - ${place}.strict_word_similarity(names.folded(${text}::text), names.folded(name)) as unlike
      from document
      where state = 'fetched' and names.folded(name) operator(${place}.%>>) names.folded(${text}::text)`,
    limit,
  );
}

/** Datanets and models that have one of those documents (hash, name, unlike), the most alike first, then the shortest. */
async function named(context: Context, documents: Sql, limit: number): Promise<Candidate[]> {
  const rows = await context.snapshot.query<{ kind: string; chain_id: number; id: string }>(sql`
    with named as materialized (${documents})
    select f.kind, f.chain_id, f.id
    from (
      select 'datanet' as kind, s.chain_id, s.datanet_id::text as id, min(n.name) as name, min(n.unlike) as unlike, s.pos
      from named n
      join datanet_state s on s.metadata_hash = n.hash
      group by s.chain_id, s.datanet_id
      union all
      select 'model', m.chain_id, m.model_id::text, min(n.name), min(n.unlike), m.pos
      from named n
      join model m on m.metadata_hash = n.hash
      group by m.chain_id, m.model_id
    ) f
    order by f.unlike, length(f.name), folded(f.name), f.kind, f.chain_id, f.pos
    limit ${limit}`);
  return rows.map(({ kind, chain_id, id }) => (kind === 'model' ? modelId(chain_id, id) : datanetId(chain_id, id)));
}
