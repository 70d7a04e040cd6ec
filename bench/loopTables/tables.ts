import type { ColumnType } from '../../indexer/store/columnTypes';
import { type FactTableName, factTables } from '../../indexer/store/factTables';

/**
 * "The loop's tables as the peers write them": a row for each event of the loop with its place and arguments, indexes
 * for the usual questions, and three aggregates. The same in every system under comparison, but for what each makes of
 * hex (bytea here, text there) and of places (one number here, block_number and log_index there).
 */
export interface LoopTable {
  name: string;
  columns: readonly LoopColumn[];
  /** Columns that tell rows apart, whatever key a system gives them. */
  key: readonly string[];
  /** Columns of the secondary indexes. */
  indexed: readonly string[];
}

export interface LoopColumn {
  name: string;
  type: ColumnType;
}

/** Fact tables of ours that the peers have too, and what each has an index on. */
const indexedOf = {
  datanet: [],
  datanet_version: [],
  contribution: ['datanet_id', 'contributor'],
  contribution_score: ['contribution_id'],
  contribution_decision: ['contribution_id'],
  model: [],
  model_version: [],
  training_run: [],
  inference: ['model_id', 'user_address'],
  fee_split: ['inference_id'],
  attribution: ['inference_id'],
  influence: ['inference_id', 'contribution_id'],
  pool: [],
  pool_funding: ['pool_id'],
  reward: ['pool_id', 'beneficiary', 'ref'],
  claim: ['pool_id', 'beneficiary'],
} as const satisfies Partial<Record<FactTableName, readonly string[]>>;

export type LoopTableName = keyof typeof indexedOf;

/** Columns of ours that no event says: what backed a reward. */
const derived = /_part$/;

const types: Readonly<Partial<Record<ColumnType, string>>> = {
  int2: 'data_type status reason attribution_method method kind source role',
  int4: 'chain_id item contributions',
  int8: 'pos timestamp round score_ppm model_version leaf_count weight_ppm',
  text: 'metadata_uri uri',
  bytea:
    'tx_hash owner transaction_id metadata_hash content_root manifest_hash contributor content_hash license_id curator ' +
    'evidence_hash builder run_id weights_hash runner config_hash eval_hash inference_id user_address fee_token ' +
    'output_hash leaves_root pool_id token ref funder beneficiary recipient account',
};
const typeOf = new Map(
  Object.entries(types).flatMap(([type, names]) => names.split(' ').map((name) => [name, type as ColumnType] as const)),
);
/** Ids, amounts and versions are uint256 or uint64: numeric, unless they are listed. */
const columnOf = (name: string): LoopColumn => ({ name, type: typeOf.get(name) ?? 'numeric' });

export const factsOfLoop: readonly (LoopTable & { name: LoopTableName })[] = Object.entries(indexedOf).map(
  ([table, indexed]) => {
    const name = table as LoopTableName;
    const own = factTables[name].columns.slice(2).filter((column) => !derived.test(column));
    const items = own.filter((column) => column === 'item');
    const columns = ['chain_id', 'pos', 'timestamp', 'tx_hash', ...own].map(columnOf);
    return { name, columns, key: ['pos', ...items], indexed };
  },
);

/** Per pool, per account and pool, per datanet. */
export const totalsOfLoop: readonly LoopTable[] = [
  total('pool_total', ['pool_id'], ['fee', 'emission', 'granted', 'slashed', 'accrued', 'claimed'], []),
  total('account_pool', ['account', 'pool_id'], ['accrued', 'claimed'], ['account']),
  total('datanet_total', ['datanet_id'], ['contributions', 'bonded'], []),
];

export const loopTables: readonly LoopTable[] = [...factsOfLoop, ...totalsOfLoop];

function total(name: string, key: string[], sums: string[], indexed: string[]): LoopTable {
  return { name, columns: [...key, ...sums].map(columnOf), key, indexed };
}
