import { type BlockRef, IndexStatus } from './documents';
import { ask, FlywheelError, query, type TypedDocument } from './query';

/** A block of one chain. */
export interface PinnedBlock {
  chainId: number;
  number: number;
  hash: string;
}

export interface Page<Row> {
  rows: readonly Row[];
  /** As of which every page of this walk answers. */
  block: PinnedBlock;
  /** 0 for the first walk. A page with a higher one begins anew: what earlier walks gave is to be thrown away. */
  walk: number;
}

/** What a list answers; null where its subject doesn't exist. */
export type List<Row> =
  | { nodes: readonly Row[]; pageInfo: { endCursor: string | null; hasNextPage: boolean } }
  | null
  | undefined;

/** The variables by which a list is walked. */
export interface PageVariables {
  after?: string | null;
  asOf?: BlockRef | null;
}

export interface PagesOptions<Data, Variables, Row> {
  /** The API's URL, with /graphql. */
  url: string;
  /** A query with `$after: Cursor` and `$asOf: BlockRef`, which selects nodes and pageInfo { endCursor hasNextPage }. */
  document: TypedDocument<Data, Variables> | string;
  variables?: Omit<Variables, keyof PageVariables>;
  /** Where in the answer the list is. */
  list(data: Data): List<Row>;
  /** The chain that is walked; needed when several are indexed, and then in `where` too. */
  chainId?: number;
  /**
   * `finalized` never has to begin anew; `newest`, the default, has all that is indexed. A block that you have is never
   * taken for another: when a reorg removes it, the walk ends with CURSOR_STALE.
   */
  at?: 'newest' | 'finalized' | PinnedBlock;
  /** How often a reorg may send the walk back to its beginning; 5 unless given. */
  mostRestarts?: number;
  signal?: AbortSignal;
}

/**
 * Walks a list page by page, all as of one block, so that nothing is skipped, repeated or mixed with what came meanwhile.
 * When a reorg removes that block, the walk begins anew from the newest one: its pages have the next `walk`.
 * @throws FlywheelError of a page; CURSOR_STALE alone leads to another walk, until there were too many
 */
export async function* pages<Data, Variables extends PageVariables, Row>(
  options: PagesOptions<Data, Variables, Row>,
): AsyncGenerator<Page<Row>, void, undefined> {
  const { url, document, signal } = options;
  const mostRestarts = typeof options.at === 'object' ? 0 : (options.mostRestarts ?? 5);
  for (let walk = 0; ; walk++) {
    const block = await pin(options);
    let after: string | null = null;
    for (;;) {
      const variables = { ...options.variables, after, asOf: { hash: block.hash } } as unknown as Variables;
      const answer = await ask<Data, Variables>(url, document, variables, { signal });
      if (!answer.ok) {
        if (answer.error.code !== 'CURSOR_STALE' || walk >= mostRestarts) throw answer.error;
        break;
      }
      const found = options.list(answer.data);
      yield { rows: found?.nodes ?? [], block, walk };
      if (!found?.pageInfo.hasNextPage) return;
      after = found.pageInfo.endCursor;
    }
  }
}

/**
 * The whole list as of one block, whatever reorgs did meanwhile.
 * @throws as `pages`
 */
export async function allRows<Data, Variables extends PageVariables, Row>(
  options: PagesOptions<Data, Variables, Row>,
): Promise<{ rows: Row[]; block: PinnedBlock }> {
  let last: Page<Row> | undefined;
  let rows: Row[] = [];
  for await (const page of pages(options)) {
    if (page.walk !== last?.walk) rows = [];
    for (const row of page.rows) rows.push(row);
    last = page;
  }
  return { rows, block: (last as Page<Row>).block };
}

type Pinning = Pick<PagesOptions<never, never, never>, 'url' | 'chainId' | 'at' | 'signal'>;

async function pin({ url, chainId, at = 'newest', signal }: Pinning): Promise<PinnedBlock> {
  if (typeof at === 'object') return at;
  const { indexStatus } = await query(url, IndexStatus, {}, { signal });
  const chains = indexStatus.chains.filter((chain) => chainId === undefined || chain.chainId === chainId);
  const [chain] = chains;
  if (!chain) throw badInput('chainId', `chain ${chainId ?? ''} is not indexed`);
  if (chains.length > 1) throw badInput('chainId', 'says which one, since several chains are indexed');
  const block = at === 'finalized' ? chain.finalized : chain.indexed;
  if (!block) throw badInput('at', `chain ${chain.chainId} has no ${at} block yet`);
  return { chainId: chain.chainId, number: block.number, hash: block.hash };
}

function badInput(argument: string, message: string): FlywheelError {
  return new FlywheelError([{ message: `${argument}: ${message}`, extensions: { code: 'BAD_USER_INPUT', argument } }]);
}
