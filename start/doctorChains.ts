import type { Pool } from 'pg';
import { isSameIndex, readIndexed } from '../indexer/store/indexed';
import { outdatedRows } from '../indexer/store/outdatedRows';
import { messageOf } from '../schema/appError';
import { ContractSet } from '../schema/contractSet';
import type { ChainConfig } from '../schema/networkFile';
import { profiles } from '../schema/profiles';
import type { Say } from './doctor';

/**
 * What is indexed, held against the network file and this release: what the next start would read anew, what another
 * release decoded, and who is followed no more.
 * @param configured those of the network file; undefined without one
 */
export async function examineChains(
  pool: Pool,
  configured: readonly ChainConfig[] | undefined,
  say: Say,
): Promise<void> {
  const { rows } = await pool.query<{ chain_id: number; name: string }>(
    'select chain_id, name from chain order by chain_id',
  );
  for (const { chain_id: chainId, name } of rows) {
    const chain = configured?.find((one) => one.chainId === chainId);
    if (configured && !chain) {
      say(
        'warning',
        `${name} (${chainId})`,
        'is in the database and not in the network file: what is indexed of it stays, and grows old',
        'give NETWORKS to the API, too: then /ready waits only for the chains of the file',
      );
    }
    if (chain) await examineContracts(pool, chain, say);
    await examineDecoding(pool, chainId, name, say);
  }
}

async function examineContracts(pool: Pool, chain: ChainConfig, say: Say): Promise<void> {
  const { chainId, name, startBlock } = chain;
  const indexed = await readIndexed(pool, chainId);
  if (!indexed || isSameIndex(indexed, chain)) return;
  say(
    'warning',
    `${name} (${chainId})`,
    `the network file has other contracts or another start block than what is indexed: the indexer's next start forgets the chain's rows and reads it anew from block ${startBlock}; until that is done the API answers of the blocks read so far, /ready is 503, and all subscriptions end with CURSOR_EXPIRED`,
    'to go on serving meanwhile, index into another database first, and then give that one to the API',
  );
}

async function examineDecoding(pool: Pool, chainId: number, name: string, say: Say): Promise<void> {
  const about = `${name} (${chainId})`;
  const indexed = await readIndexed(pool, chainId);
  let contracts: ContractSet;
  try {
    contracts = new ContractSet(indexed?.contracts ?? [], profiles);
  } catch (error) {
    say('warning', about, `was indexed by another release: ${messageOf(error)}`, 'correct the network file');
    return;
  }
  const outdated = await outdatedRows(pool, chainId, contracts);
  if (outdated) say('warning', about, outdated);
  else say('ok', about, 'what is indexed was decoded as this release does it');
}
