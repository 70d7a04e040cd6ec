/** bytes: 0x hex in code, bytea in SQL. text: escaped. value: anything whose String() Postgres reads back. */
export type ColumnKind = 'value' | 'bytes' | 'text';

export interface FactTable {
  columns: readonly (readonly [name: string, kind: ColumnKind])[];
  /** Keyed by an id: the first row of a key stays, later ones are dropped. */
  firstOf: boolean;
}

const facts = (columns: string): FactTable => ({ columns: columnsOf(`chain_id pos ${columns}`), firstOf: false });
const firstOf = (columns: string): FactTable => ({ columns: columnsOf(`chain_id pos ${columns}`), firstOf: true });

function columnsOf(spec: string): FactTable['columns'] {
  return spec.split(' ').map((column) => {
    const [name, kind = 'value'] = column.split(':') as [string, ColumnKind?];
    return [name, kind] as const;
  });
}

/**
 * Every table that the applier writes rows to as events come, in the order of writing. Each has chain_id and pos, and
 * a rewind deletes from a position on. Rows are arrays in the order of the columns.
 */
export const factTables = {
  event: facts('tx_hash:bytes contract:bytes event_type topics:bytes data:bytes'),
  event_subject: facts('subject:bytes item'),
  undecoded_log: facts('tx_hash:bytes contract:bytes topics:text data:bytes reason:text'),
  account: firstOf('address:bytes item'),
  participation: facts('account:bytes role'),

  datanet: firstOf('datanet_id owner:bytes transaction_id:bytes data_type metadata_hash:bytes metadata_uri:text'),
  datanet_transfer: facts('datanet_id owner:bytes'),
  datanet_update: facts('datanet_id status metadata_hash:bytes metadata_uri:text'),
  curator_set: facts('datanet_id curator:bytes active weight'),
  datanet_version: firstOf('datanet_id version content_root:bytes item_count manifest_hash:bytes'),
  contribution: firstOf(
    'item contribution_id datanet_id contributor:bytes content_hash:bytes size_bytes license_id:bytes bond uri:text',
  ),
  contribution_score: facts('contribution_id curator:bytes round score_ppm evidence_hash:bytes'),
  contribution_decision: facts('contribution_id status datanet_version score_ppm reason'),
  contribution_link: facts('contribution_id other_id relation'),
  dispute: firstOf('dispute_id contribution_id challenger:bytes bond'),
  dispute_resolution: facts('dispute_id upheld slashed beneficiary:bytes'),

  model: firstOf('model_id builder:bytes parent_model_id metadata_hash:bytes metadata_uri:text'),
  training_run: firstOf('run_id:bytes model_id runner:bytes config_hash:bytes eval_hash:bytes'),
  training_input: facts('item datanet_id datanet_version weight_ppm'),
  model_version: firstOf('model_id version run_id:bytes weights_hash:bytes attribution_method'),
  adapter: firstOf('adapter_id model_id builder:bytes base_version run_id:bytes adapter_hash:bytes'),
  price: facts('model_id token:bytes per1k_in per1k_out platform_fee'),
  feedback: facts('inference_id:bytes model_id rater:bytes rating feedback_hash:bytes'),

  inference: firstOf(
    'inference_id:bytes model_id user_address:bytes model_version tokens_in tokens_out fee_token:bytes fee output_hash:bytes',
  ),
  inference_adapter: facts('item adapter_id'),
  fee_split: facts('inference_id:bytes platform model stakers contributors'),
  refund: facts('inference_id:bytes amount reason'),
  fee_params: facts('platform_bps model_bps stakers_bps contributors_bps effective_at'),
  credit: facts('account:bytes purchased consumed'),
  attribution: facts('inference_id:bytes epoch method leaves_root:bytes leaf_count'),
  attribution_revision: facts('inference_id:bytes new_root:bytes'),
  influence: facts('inference_id:bytes datanet_id contribution_id contributor:bytes influence weight_ppm'),

  pool: firstOf('pool_id:bytes kind subject_id token:bytes'),
  pool_funding: facts('pool_id:bytes source ref:bytes funder:bytes amount'),
  reward: facts(
    'pool_id:bytes beneficiary:bytes ref:bytes role contribution_id amount epoch fee_part emission_part grant_part slash_part unknown_part',
  ),
  claim: facts('pool_id:bytes beneficiary:bytes recipient:bytes amount'),
  reversal: facts('pool_id:bytes beneficiary:bytes ref:bytes reason amount'),

  bond_change: facts('account:bytes role ref:bytes delta balance'),
  slash: facts('account:bytes role ref:bytes amount beneficiary:bytes'),
  reputation_change: facts('account:bytes datanet_id delta score'),
} satisfies Record<string, FactTable>;

export type FactTableName = keyof typeof factTables;
/** The columns of a row after chain_id and pos. */
export type FactRow = readonly (string | number | bigint | boolean | null)[];

/** Where a column stands in a stored row: chain_id and pos come first. */
export function columnIndex(table: FactTableName, name: string): number {
  return factTables[table].columns.findIndex(([candidate]) => candidate === name);
}
