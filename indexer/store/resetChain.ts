import type { ClientBase } from 'pg';
import { inTransaction } from '../../db/transaction';
import type { ConfiguredContract } from '../../schema/contractSet';
import { rewindDerived } from './derivedRows';
import { type FactTableName, factTables } from './factTables';

/**
 * Forgets everything of a chain: after this it is indexed from its start block. For its leader, and for a chain that is
 * another one than before (other contracts, another genesis), not for reorgs: nothing is retracted. What it held is told again, so the log of changes ends for all
 * chains: whoever followed it hears that his cursor expired, rather than the same things twice.
 */
export async function resetChain(
  client: ClientBase,
  chainId: number,
  contracts: readonly ConfiguredContract[],
  startBlock: number,
): Promise<void> {
  await inTransaction(client, async () => {
    // Workers that fetched for the contracts of before wait here, and then find others.
    await client.query('select from chain where chain_id = $1 for update', [chainId]);
    await rewindDerived(client, chainId, 0n, async () => {
      for (const table of Object.keys(factTables) as FactTableName[]) {
        await client.query(`delete from ${table} where chain_id = $1`, [chainId]);
      }
    });
    for (const table of ['block', 'header', 'final_header', 'segment', 'retracted_event', 'retracted_item']) {
      await client.query(`delete from ${table} where chain_id = $1`, [chainId]);
    }
    await client.query(
      `update chain
       set contracts = $2, start_block = $3, genesis_hash = null,
         indexed_number = null, indexed_hash = null, indexed_timestamp = null,
         safe_number = null, safe_hash = null, safe_timestamp = null,
         finalized_number = null, finalized_hash = null, finalized_timestamp = null,
         verified_to = null, reorgs = 0, deepest_reorg = 0, error = null
       where chain_id = $1`,
      [chainId, JSON.stringify(contracts), startBlock],
    );
    // Last, for every commit of every chain waits for this row. A position is left out: a cursor at the end expires, too.
    await client.query('update change_position set next = next + 1');
    await client.query('delete from change');
  });
}
