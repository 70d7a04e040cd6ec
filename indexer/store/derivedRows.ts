import type { ClientBase } from 'pg';
import { buildForWaitingRewards } from './deferredIndexes';
import type { FactTableName } from './factTables';
import { bytesOf } from './segments';
import type { Together } from './together';
import { keyedFacts, type TouchedKeys } from './touchedKeys';

/**
 * Rows that are a function of the facts of one key (migrations/0003_derived.sql). `touched` finds the keys whose facts
 * stand at or after position $2 of chain $1: after a range was written they are the range's, before a rewind deletes
 * they are what it deletes. `refresh` deletes and inserts the rows of the keys.
 */
interface Family {
  refresh: string;
  keyType: 'numeric[]' | 'bytea[]' | 'bigint[]';
  from: readonly FactTableName[];
  touched: string;
  /** What `refresh` is told after the chain when a range was just written, where that isn't `touched`. */
  written?: string;
  /** The same, where the batch knows it: undefined where it doesn't. */
  keys?: (keys: TouchedKeys, tables: ReadonlySet<FactTableName>) => readonly unknown[] | undefined;
}

const keysOf = (key: string, tables: readonly FactTableName[]) =>
  tables.map((table) => `select ${key} as key from ${table} where chain_id = $1 and pos >= $2`).join(' union ');

const datanetFacts = ['datanet', 'datanet_transfer', 'datanet_update', 'curator_set'] as const;
const contributionFacts = keyedFacts.contribution_id;
const modelFacts = ['model', 'training_run'] as const;
const inferenceFacts = keyedFacts.inference_id;

const families: readonly Family[] = [
  { refresh: 'refresh_datanet', keyType: 'numeric[]', from: datanetFacts, touched: keysOf('datanet_id', datanetFacts) },
  {
    refresh: 'refresh_contribution',
    keyType: 'numeric[]',
    from: [...contributionFacts, 'dispute_resolution'],
    touched: `${keysOf('contribution_id', contributionFacts)}
      union select d.contribution_id from dispute_resolution r
      join dispute d on d.chain_id = r.chain_id and d.dispute_id = r.dispute_id
      where r.chain_id = $1 and r.pos >= $2`,
    // A resolution says its dispute alone.
    keys: ({ contribution_id: keys }, tables) => (tables.has('dispute_resolution') ? undefined : [...keys]),
  },
  {
    // A run of a model that stands adds what it is the first to have: to go through all its runs at each took ever longer.
    refresh: 'refresh_model',
    keyType: 'numeric[]',
    from: modelFacts,
    touched: keysOf('model_id', modelFacts),
    written: `array(select model_id from model where chain_id = $1 and pos >= $2), $2`,
  },
  {
    refresh: 'refresh_inference',
    keyType: 'bytea[]',
    from: inferenceFacts,
    touched: keysOf('inference_id', inferenceFacts),
    keys: ({ inference_id: keys }) => [...keys].map(bytesOf),
  },
  {
    // What a reward is of is written with it (backRewards.ts), and changes when its contribution, inference or pool is
    // created after it: rewards of which something is missing stand in reward_pending.
    refresh: 'refresh_reward',
    keyType: 'bigint[]',
    from: [],
    touched: `select pos as key from reward where chain_id = $1 and pos >= $2
      union select r.pos from contribution c
      join reward r on r.chain_id = c.chain_id and r.contribution_id = c.contribution_id
      where c.chain_id = $1 and c.pos >= $2
      union select r.pos from inference i join reward r on r.chain_id = i.chain_id and r.ref = i.inference_id
      where i.chain_id = $1 and i.pos >= $2
      union select r.pos from pool p join reward r on r.chain_id = p.chain_id and r.pool_id = p.pool_id
      where p.chain_id = $1 and p.pos >= $2`,
  },
];

/**
 * Going forward: after the facts from position `fromPos` on were written to `tables`.
 * @param noted the keys of those facts
 * @param waiting positions of earlier rewards that waited for them
 */
export function refreshDerived(
  together: Together,
  chainId: number,
  fromPos: bigint,
  tables: ReadonlySet<FactTableName>,
  noted: TouchedKeys,
  waiting: readonly string[],
): void {
  for (const { refresh, keyType, from, touched, written, keys } of families) {
    if (!from.some((table) => tables.has(table))) continue;
    const known = keys?.(noted, tables);
    if (known) together.add(`select ${refresh}($1, $2::${keyType})`, [chainId, known]);
    else together.add(`select ${refresh}($1, ${written ?? `array(${touched})`})`, [chainId, fromPos]);
  }
  if (waiting.length === 0) return;
  together.add(buildForWaitingRewards, []);
  together.add('select refresh_reward($1, $2::bigint[])', [chainId, waiting]);
}

/** In a rewind: `deleteFacts` takes away the facts from position `fromPos` on, then what they touched is made anew. */
export async function rewindDerived(
  client: ClientBase,
  chainId: number,
  fromPos: bigint,
  deleteFacts: () => Promise<void>,
): Promise<void> {
  const touched: string[] = [];
  for (const family of families) {
    const { rows } = await client.query<{ keys: string }>(
      `select array(${family.touched})::${family.keyType}::text as keys`,
      [chainId, fromPos],
    );
    touched.push(rows[0]?.keys ?? '{}');
  }
  await deleteFacts();
  for (const [i, { refresh, keyType }] of families.entries()) {
    await client.query(`select ${refresh}($1, $2::text::${keyType})`, [chainId, touched[i]]);
  }
}
