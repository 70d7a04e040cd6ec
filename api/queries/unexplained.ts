import type { Connection, ForwardArgs } from '../connection';
import type { Context } from '../context';
import { provenanceAt } from '../provenance';
import type { Books } from '../reconciliation/books';
import { sql } from '../sql';
import type { Provenance } from '../types/provenance';
import { listConnection } from './lists/listConnection';

/** Where the events behind the residuals of a scope stand, the newest first. `of` names the scope and its subject. */
export async function unexplained(
  context: Context,
  args: ForwardArgs,
  of: string,
  { chainIds, unexplained: positions }: Books,
): Promise<Connection<Provenance>> {
  const found = await listConnection<{ chain_id: number; pos: bigint }, { chainId: number; pos: bigint }>(
    context,
    args,
    {
      name: `unexplained ${of}`,
      columns: sql`p.chain_id, u.pos`,
      from: sql`(${positions ?? sql`select null::bigint as pos where false`}) u`,
      where: [],
      pos: sql`u.pos`,
      direction: 'DESC',
    },
    { chainIds, key: null },
    (row) => ({ chainId: row.chain_id, pos: row.pos }),
  );
  // All of a page at once: one statement.
  const nodes = await Promise.all(found.nodes.map(({ chainId, pos }) => provenanceAt(context, chainId, pos)));
  return { ...found, nodes, edges: found.edges.map(({ cursor }, i) => ({ cursor, node: nodes[i] as Provenance })) };
}
