import type { PlacedBlock } from './log';
import { accountRows } from './model/accounts';
import { Chain } from './model/chain';
import { contributionRows, disputeRows } from './model/contributions';
import { datanetRows } from './model/datanets';
import type { Fetch } from './model/documents';
import { eventRows } from './model/events';
import { type GraphQuery, graphOf, type PathQuery, pathsOf } from './model/graph';
import { inferenceRows, influenceRows } from './model/inferences';
import { comparePlaces, type JsonObject, type Row } from './model/json';
import { type ListQuery, listed } from './model/lists';
import { adapterRows, modelRows } from './model/models';
import { poolRows } from './model/pools';
import { claimRows, reversalRows, rewardRows } from './model/rewards';
import { tokenRows } from './model/tokens';

/** What the oracle can answer a list of: the names of the contract's root lists, and entities that have none. */
export const ENTITIES = [
  'datanets',
  'contributions',
  'models',
  'adapters',
  'inferences',
  'pools',
  'rewards',
  'claims',
  'reversals',
  'accounts',
  'events',
  'disputes',
  'influences',
  'tokens',
] as const;
export type Entity = (typeof ENTITIES)[number];

export interface OracleOptions {
  /** Bytes of https: and ipfs: metadata documents; data: documents are read anyway. */
  fetch?: Fetch;
}

/**
 * The protocol's rules as plainly as they can be said, over all decoded logs held in memory: what the API must answer.
 * It shares no code with what it checks. A change of the blocks throws everything away and works it out again.
 *
 * Objects are what GraphQL answers, normalized as `flatten` does: connections are arrays of their first 100 nodes,
 * newest first, their totalCounts stand in `totals`; an entity inside another one is `{ id }`; lists by token
 * and subjects are sorted.
 */
export class Oracle {
  private readonly blocks = new Map<number, PlacedBlock[]>();
  private readonly fetch: Fetch;
  private chains: Chain[] | null = null;
  private readonly rows = new Map<string, Row[]>();

  constructor({ fetch = () => null }: OracleOptions = {}) {
    this.fetch = fetch;
  }

  /** The next block of its chain; blocks without logs may be left out. */
  apply(block: PlacedBlock): void {
    const blocks = this.blocks.get(block.chainId) ?? [];
    const last = blocks.at(-1);
    if (last && last.number >= block.number)
      throw new Error(`chain ${block.chainId}: block ${block.number} comes after ${last.number}`);
    this.blocks.set(block.chainId, [...blocks, block]);
    this.forget();
  }

  /** A reorg: blocks above `blockNumber` were never there. */
  rewindTo(chainId: number, blockNumber: number): void {
    const blocks = this.blocks.get(chainId) ?? [];
    this.blocks.set(
      chainId,
      blocks.filter((block) => block.number <= blockNumber),
    );
    this.forget();
  }

  /** Logs that no profile decodes. */
  undecodedLogs(chainId: number): number {
    return this.all().find((chain) => chain.chainId === chainId)?.undecoded ?? 0;
  }

  /** What a list of the contract answers, all its pages in one. */
  list(entity: Entity, query: ListQuery = {}): JsonObject[] {
    return listed([...this.rowsOf(entity, query)], queryFor(entity, query)).map((row) => row.node);
  }

  /** The entity or fact of an id, or null. */
  find(entity: Entity, id: string): JsonObject | null {
    return this.rowsOf(entity).find((row) => row.node['id'] === id)?.node ?? null;
  }

  /** Of a root that exists; without entities and asOf. */
  attributionGraph(query: GraphQuery): JsonObject {
    return graphOf(this.all(), query);
  }

  /** Between two that exist; nodes by id alone. */
  attributionPaths(query: PathQuery): JsonObject[] {
    return pathsOf(this.all(), query);
  }

  datanets(): JsonObject[] {
    return this.ascending('datanets');
  }

  contributions(): JsonObject[] {
    return this.ascending('contributions');
  }

  models(): JsonObject[] {
    return this.ascending('models');
  }

  adapters(): JsonObject[] {
    return this.ascending('adapters');
  }

  inferences(): JsonObject[] {
    return this.ascending('inferences');
  }

  pools(): JsonObject[] {
    return this.ascending('pools');
  }

  rewards(): JsonObject[] {
    return this.ascending('rewards');
  }

  claims(): JsonObject[] {
    return this.ascending('claims');
  }

  reversals(): JsonObject[] {
    return this.ascending('reversals');
  }

  /** Of all chains together; of one, `account(address, chainId)` of the contract. */
  accounts(chainId?: number): JsonObject[] {
    const where: JsonObject = chainId === undefined ? {} : { chainId: { eq: chainId } };
    return this.list('accounts', { where, orderBy: { field: 'FIRST_SEEN', direction: 'ASC' } });
  }

  events(): JsonObject[] {
    return this.ascending('events');
  }

  disputes(): JsonObject[] {
    return this.ascending('disputes');
  }

  /** Superseded ones too, with `current: false`, as `node` answers them. */
  influences(): JsonObject[] {
    return this.ascending('influences');
  }

  tokens(): JsonObject[] {
    return this.ascending('tokens');
  }

  private ascending(entity: Entity): JsonObject[] {
    return this.list(entity, { orderBy: { field: 'POSITION', direction: 'ASC' } });
  }

  private forget(): void {
    this.chains = null;
    this.rows.clear();
  }

  private all(): Chain[] {
    this.chains ??= [...this.blocks].map(([chainId, blocks]) => new Chain(chainId, blocks));
    return this.chains;
  }

  private rowsOf(entity: Entity, query: ListQuery = {}): Row[] {
    const chains = entity === 'accounts' ? this.all().filter(ofChain(query)) : this.all();
    const key = [entity, ...chains.map((chain) => chain.chainId)].join(' ');
    let rows = this.rows.get(key);
    if (!rows) {
      rows = this.work(entity, chains).sort((a, b) => comparePlaces(a.place, b.place));
      this.rows.set(key, rows);
    }
    return rows;
  }

  private work(entity: Entity, chains: Chain[]): Row[] {
    switch (entity) {
      case 'datanets':
        return chains.flatMap((chain) => datanetRows(chain, this.fetch));
      case 'contributions':
        return chains.flatMap(contributionRows);
      case 'models':
        return chains.flatMap((chain) => modelRows(chain, this.fetch));
      case 'adapters':
        return chains.flatMap(adapterRows);
      case 'inferences':
        return chains.flatMap(inferenceRows);
      case 'pools':
        return chains.flatMap(poolRows);
      case 'rewards':
        return chains.flatMap(rewardRows);
      case 'claims':
        return chains.flatMap(claimRows);
      case 'reversals':
        return chains.flatMap(reversalRows);
      case 'accounts':
        return accountRows(chains);
      case 'events':
        return chains.flatMap(eventRows);
      case 'disputes':
        return chains.flatMap(disputeRows);
      case 'influences':
        return chains.flatMap(influenceRows);
      case 'tokens':
        return chains.flatMap(tokenRows);
    }
  }
}

/** An account is one on every chain: a filter by chain decides which events count, not which accounts are listed. */
function queryFor(entity: Entity, query: ListQuery): ListQuery {
  if (entity !== 'accounts' || !query.where) return query;
  const { chainId: _counted, ...where } = query.where;
  return { ...query, where };
}

function ofChain({ where }: ListQuery): (chain: Chain) => boolean {
  const filter = (where?.['chainId'] ?? {}) as { eq?: number; in?: number[] };
  return ({ chainId }) => (filter.eq ?? chainId) === chainId && (filter.in ?? [chainId]).includes(chainId);
}
