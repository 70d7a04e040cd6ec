export interface FactTable {
  /** Names, in the order of a row's values. bytea is 0x hex in code, numeric a number or bigint. */
  columns: readonly string[];
  /** Keyed by an id: the first row of a key stays, later ones are dropped. */
  firstOf: boolean;
}

const facts = (columns: string): FactTable => ({ columns: `chain_id pos ${columns}`.split(' '), firstOf: false });
const firstOf = (columns: string): FactTable => ({ columns: `chain_id pos ${columns}`.split(' '), firstOf: true });

/**
 * Every table that the applier writes rows to as events come, in the order of writing. Each has chain_id and pos, and
 * a rewind deletes from a position on. Rows are arrays in the order of the columns.
 */
export const factTables = {
  event: facts('tx_hash contract event_type topics data'),
  /** `pos` is the last of a row's positions. */
  posting: facts('subject positions'),
  undecoded_log: facts('tx_hash contract topics data reason'),
  account: firstOf('address item'),
  participation: facts('account role'),

  datanet: firstOf('datanet_id owner transaction_id data_type metadata_hash metadata_uri'),
  datanet_transfer: facts('datanet_id owner'),
  datanet_update: facts('datanet_id status metadata_hash metadata_uri'),
  curator_set: facts('datanet_id curator active weight'),
  datanet_version: firstOf('datanet_id version content_root item_count manifest_hash'),
  contribution: firstOf('item contribution_id datanet_id contributor content_hash size_bytes license_id bond uri'),
  contribution_score: facts('contribution_id curator round score_ppm evidence_hash'),
  contribution_decision: facts('contribution_id status datanet_version score_ppm reason'),
  contribution_link: facts('contribution_id other_id relation'),
  dispute: firstOf('dispute_id contribution_id challenger bond'),
  dispute_resolution: facts('dispute_id upheld slashed beneficiary'),

  model: firstOf('model_id builder parent_model_id metadata_hash metadata_uri'),
  training_run: firstOf('run_id model_id runner config_hash eval_hash'),
  training_input: facts('item datanet_id datanet_version weight_ppm'),
  model_version: firstOf('model_id version run_id weights_hash attribution_method'),
  adapter: firstOf('adapter_id model_id builder base_version run_id adapter_hash'),
  price: facts('model_id token per1k_in per1k_out platform_fee'),
  feedback: facts('inference_id model_id rater rating feedback_hash'),

  inference: firstOf('inference_id model_id user_address model_version tokens_in tokens_out fee_token fee output_hash'),
  inference_adapter: facts('item adapter_id'),
  fee_split: facts('inference_id platform model stakers contributors'),
  refund: facts('inference_id amount reason'),
  fee_params: facts('platform_bps model_bps stakers_bps contributors_bps effective_at'),
  credit: facts('account purchased consumed'),
  attribution: facts('inference_id epoch method leaves_root leaf_count'),
  attribution_revision: facts('inference_id new_root'),
  influence: facts('inference_id datanet_id contribution_id contributor influence weight_ppm'),

  pool: firstOf('pool_id kind subject_id token'),
  pool_funding: facts('pool_id source ref funder amount'),
  reward: facts(
    'pool_id beneficiary ref role contribution_id amount epoch fee_part emission_part grant_part slash_part unknown_part',
  ),
  claim: facts('pool_id beneficiary recipient amount'),
  reversal: facts('pool_id beneficiary ref reason amount'),

  bond_change: facts('account role ref delta balance'),
  slash: facts('account role ref amount beneficiary'),
  reputation_change: facts('account datanet_id delta score'),
} satisfies Record<string, FactTable>;

export type FactTableName = keyof typeof factTables;
/** The columns of a row after chain_id and pos. */
export type FactRow = readonly (FactValue | null)[];
/** Hex words, as one bytea or an array of bytea; else a value of the column. */
export type FactValue = string | number | bigint | boolean | readonly string[];

/** Where a column stands in a FactRow. */
export function columnIndex(table: FactTableName, name: string): number {
  return factTables[table].columns.indexOf(name) - 2;
}
