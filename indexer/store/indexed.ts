import { isDeepStrictEqual } from 'node:util';
import type { ClientBase } from 'pg';
import { type ConfiguredContract, inOrder } from '../../schema/contractSet';

/** What of a chain is indexed. Of other contracts, or from another block on, it is indexed anew. */
export interface Indexed {
  contracts: readonly ConfiguredContract[];
  startBlock: number;
}

export function isSameIndex(one: Indexed, other: Indexed): boolean {
  return one.startBlock === other.startBlock && isDeepStrictEqual(inOrder(one.contracts), inOrder(other.contracts));
}

/** Undefined for a chain that has no row yet. */
export async function readIndexed(client: Pick<ClientBase, 'query'>, chainId: number): Promise<Indexed | undefined> {
  const { rows } = await client.query<{ contracts: ConfiguredContract[]; start_block: bigint }>(
    'select contracts, start_block from chain where chain_id = $1',
    [chainId],
  );
  return rows[0] && { contracts: rows[0].contracts, startBlock: Number(rows[0].start_block) };
}
