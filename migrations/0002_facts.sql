-- Facts: what events say, in chain order. Rows are only inserted, and deleted from a position on by a rewind.
-- uint256 is numeric(78,0), uint64 numeric(20,0), uint32 bigint; sums are unconstrained numeric.
-- Tables whose key is an id keep the first creation (insert ... on conflict do nothing, in chain order).

-- ------------------------------------------------------------------ organize and contribute

create table datanet (
  chain_id integer not null,
  datanet_id numeric(78,0) not null,
  pos bigint not null,
  owner bytea not null,
  transaction_id bytea not null,
  data_type smallint not null,
  metadata_hash bytea not null,
  metadata_uri text not null,
  primary key (chain_id, datanet_id)
);
create index datanet_position on datanet (chain_id, pos);

create table datanet_transfer (
  chain_id integer not null,
  pos bigint not null,
  datanet_id numeric(78,0) not null,
  owner bytea not null,
  primary key (chain_id, pos)
);
create index datanet_transfer_datanet on datanet_transfer (chain_id, datanet_id, pos);

create table datanet_update (
  chain_id integer not null,
  pos bigint not null,
  datanet_id numeric(78,0) not null,
  status smallint not null,
  metadata_hash bytea not null,
  metadata_uri text not null,
  primary key (chain_id, pos)
);
create index datanet_update_datanet on datanet_update (chain_id, datanet_id, pos);

create table curator_set (
  chain_id integer not null,
  pos bigint not null,
  datanet_id numeric(78,0) not null,
  curator bytea not null,
  active boolean not null,
  weight numeric(29,0) not null,
  primary key (chain_id, pos)
);
create index curator_set_datanet on curator_set (chain_id, datanet_id, curator, pos);

create table datanet_version (
  chain_id integer not null,
  datanet_id numeric(78,0) not null,
  version numeric(20,0) not null,
  pos bigint not null,
  content_root bytea not null,
  item_count numeric(20,0) not null,
  manifest_hash bytea not null,
  primary key (chain_id, datanet_id, version)
);
create index datanet_version_position on datanet_version (chain_id, pos);
create index datanet_version_datanet on datanet_version (chain_id, datanet_id, pos);

create table contribution (
  chain_id integer not null,
  contribution_id numeric(78,0) not null,
  pos bigint not null,
  item integer not null,
  datanet_id numeric(78,0) not null,
  contributor bytea not null,
  content_hash bytea not null,
  -- null for a contribution of a batch
  size_bytes numeric(20,0),
  license_id bytea,
  bond numeric(78,0) not null,
  uri text,
  primary key (chain_id, contribution_id)
);
create index contribution_position on contribution (chain_id, pos, item);
create index contribution_datanet on contribution (chain_id, datanet_id, pos, item);
create index contribution_contributor on contribution (contributor, chain_id, pos, item);
create index contribution_content on contribution (content_hash);

create table contribution_score (
  chain_id integer not null,
  pos bigint not null,
  contribution_id numeric(78,0) not null,
  curator bytea not null,
  round bigint not null,
  score_ppm bigint not null,
  evidence_hash bytea not null,
  primary key (chain_id, pos)
);
create index contribution_score_contribution on contribution_score (chain_id, contribution_id, pos);

create table contribution_decision (
  chain_id integer not null,
  pos bigint not null,
  contribution_id numeric(78,0) not null,
  status smallint not null,
  datanet_version numeric(20,0) not null,
  score_ppm bigint not null,
  reason smallint not null,
  primary key (chain_id, pos)
);
create index contribution_decision_contribution on contribution_decision (chain_id, contribution_id, pos);

create table contribution_link (
  chain_id integer not null,
  pos bigint not null,
  contribution_id numeric(78,0) not null,
  other_id numeric(78,0) not null,
  relation smallint not null,
  primary key (chain_id, pos)
);
create index contribution_link_contribution on contribution_link (chain_id, contribution_id, pos);

create table dispute (
  chain_id integer not null,
  dispute_id numeric(78,0) not null,
  pos bigint not null,
  contribution_id numeric(78,0) not null,
  challenger bytea not null,
  bond numeric(78,0) not null,
  primary key (chain_id, dispute_id)
);
create index dispute_position on dispute (chain_id, pos);
create index dispute_contribution on dispute (chain_id, contribution_id, pos);

create table dispute_resolution (
  chain_id integer not null,
  pos bigint not null,
  dispute_id numeric(78,0) not null,
  upheld boolean not null,
  slashed numeric(78,0) not null,
  beneficiary bytea not null,
  primary key (chain_id, pos)
);
create index dispute_resolution_dispute on dispute_resolution (chain_id, dispute_id, pos);

-- ------------------------------------------------------------------ build

create table model (
  chain_id integer not null,
  model_id numeric(78,0) not null,
  pos bigint not null,
  builder bytea not null,
  parent_model_id numeric(78,0) not null,
  metadata_hash bytea not null,
  metadata_uri text not null,
  primary key (chain_id, model_id)
);
create index model_position on model (chain_id, pos);
create index model_builder on model (builder, chain_id, pos);
create index model_parent on model (chain_id, parent_model_id, pos);

create table training_run (
  chain_id integer not null,
  run_id bytea not null,
  pos bigint not null,
  model_id numeric(78,0) not null,
  runner bytea not null,
  config_hash bytea not null,
  eval_hash bytea not null,
  primary key (chain_id, run_id)
);
create index training_run_position on training_run (chain_id, pos);
create index training_run_model on training_run (chain_id, model_id, pos);

-- Inputs of every TrainingRunRecorded; those of a repeated run join no training_run by pos and count nowhere.
create table training_input (
  chain_id integer not null,
  pos bigint not null,
  item integer not null,
  datanet_id numeric(78,0) not null,
  datanet_version numeric(20,0) not null,
  weight_ppm bigint not null,
  primary key (chain_id, pos, item)
);
create index training_input_datanet on training_input (chain_id, datanet_id, pos);

create table model_version (
  chain_id integer not null,
  model_id numeric(78,0) not null,
  version bigint not null,
  pos bigint not null,
  run_id bytea not null,
  weights_hash bytea not null,
  attribution_method smallint not null,
  primary key (chain_id, model_id, version)
);
create index model_version_position on model_version (chain_id, pos);
create index model_version_model on model_version (chain_id, model_id, pos);

create table adapter (
  chain_id integer not null,
  adapter_id numeric(78,0) not null,
  pos bigint not null,
  model_id numeric(78,0) not null,
  builder bytea not null,
  base_version bigint not null,
  run_id bytea not null,
  adapter_hash bytea not null,
  primary key (chain_id, adapter_id)
);
create index adapter_position on adapter (chain_id, pos);
create index adapter_model on adapter (chain_id, model_id, pos);

create table price (
  chain_id integer not null,
  pos bigint not null,
  model_id numeric(78,0) not null,
  token bytea not null,
  per1k_in numeric(78,0) not null,
  per1k_out numeric(78,0) not null,
  platform_fee numeric(78,0) not null,
  primary key (chain_id, pos)
);
create index price_model on price (chain_id, model_id, pos);
create index price_model_token on price (chain_id, model_id, token, pos);

create table feedback (
  chain_id integer not null,
  pos bigint not null,
  inference_id bytea not null,
  model_id numeric(78,0) not null,
  rater bytea not null,
  rating smallint not null,
  feedback_hash bytea not null,
  primary key (chain_id, pos)
);
create index feedback_inference on feedback (chain_id, inference_id, pos);

-- ------------------------------------------------------------------ use and attribute

create table inference (
  chain_id integer not null,
  inference_id bytea not null,
  pos bigint not null,
  model_id numeric(78,0) not null,
  user_address bytea not null,
  model_version bigint not null,
  tokens_in numeric(20,0) not null,
  tokens_out numeric(20,0) not null,
  fee_token bytea not null,
  fee numeric(78,0) not null,
  output_hash bytea not null,
  primary key (chain_id, inference_id)
);
create index inference_position on inference (chain_id, pos);
create index inference_model on inference (chain_id, model_id, pos);
create index inference_user on inference (user_address, chain_id, pos);

-- Adapters of every receipt, as it lists them; those of a repeated settlement join no inference by pos.
create table inference_adapter (
  chain_id integer not null,
  pos bigint not null,
  item integer not null,
  adapter_id numeric(78,0) not null,
  primary key (chain_id, pos, item)
);
create index inference_adapter_adapter on inference_adapter (chain_id, adapter_id, pos);

create table fee_split (
  chain_id integer not null,
  pos bigint not null,
  inference_id bytea not null,
  platform numeric(78,0) not null,
  model numeric(78,0) not null,
  stakers numeric(78,0) not null,
  contributors numeric(78,0) not null,
  primary key (chain_id, pos)
);
create index fee_split_inference on fee_split (chain_id, inference_id, pos);

create table refund (
  chain_id integer not null,
  pos bigint not null,
  inference_id bytea not null,
  amount numeric(78,0) not null,
  reason smallint not null,
  primary key (chain_id, pos)
);
create index refund_inference on refund (chain_id, inference_id, pos);

create table fee_params (
  chain_id integer not null,
  pos bigint not null,
  platform_bps integer not null,
  model_bps integer not null,
  stakers_bps integer not null,
  contributors_bps integer not null,
  effective_at numeric(20,0) not null,
  primary key (chain_id, pos)
);

-- CreditPurchased and CreditConsumed; one of the two amounts is null.
create table credit (
  chain_id integer not null,
  pos bigint not null,
  account bytea not null,
  purchased numeric(78,0),
  consumed numeric(78,0),
  primary key (chain_id, pos)
);
create index credit_account on credit (account, chain_id, pos);

create table attribution (
  chain_id integer not null,
  pos bigint not null,
  inference_id bytea not null,
  epoch numeric(20,0) not null,
  method smallint not null,
  leaves_root bytea not null,
  leaf_count bigint not null,
  primary key (chain_id, pos)
);
create index attribution_inference on attribution (chain_id, inference_id, pos);

create table attribution_revision (
  chain_id integer not null,
  pos bigint not null,
  inference_id bytea not null,
  new_root bytea not null,
  primary key (chain_id, pos)
);
create index attribution_revision_inference on attribution_revision (chain_id, inference_id, pos);

create table influence (
  chain_id integer not null,
  pos bigint not null,
  inference_id bytea not null,
  datanet_id numeric(78,0) not null,
  contribution_id numeric(78,0) not null,
  contributor bytea not null,
  influence numeric(78,0) not null,
  weight_ppm bigint not null,
  primary key (chain_id, pos)
);
create index influence_inference on influence (chain_id, inference_id, pos);
create index influence_contribution on influence (chain_id, contribution_id, pos);
create index influence_datanet on influence (chain_id, datanet_id, pos);

-- ------------------------------------------------------------------ reward

create table pool (
  chain_id integer not null,
  pool_id bytea not null,
  pos bigint not null,
  kind smallint not null,
  subject_id numeric(78,0) not null,
  token bytea not null,
  primary key (chain_id, pool_id)
);
create index pool_position on pool (chain_id, pos);
create index pool_subject on pool (chain_id, kind, subject_id, pos);

create table pool_funding (
  chain_id integer not null,
  pos bigint not null,
  pool_id bytea not null,
  source smallint not null,
  ref bytea not null,
  funder bytea not null,
  amount numeric(78,0) not null,
  primary key (chain_id, pos)
);
create index pool_funding_pool on pool_funding (chain_id, pool_id, pos);
create index pool_funding_ref on pool_funding (chain_id, ref, pos);

create table reward (
  chain_id integer not null,
  pos bigint not null,
  pool_id bytea not null,
  beneficiary bytea not null,
  ref bytea not null,
  role smallint not null,
  contribution_id numeric(78,0) not null,
  amount numeric(78,0) not null,
  epoch numeric(20,0) not null,
  -- The funding mix of the pool before this reward: a function of earlier facts alone. The parts sum to the amount.
  fee_part numeric(78,0) not null,
  emission_part numeric(78,0) not null,
  grant_part numeric(78,0) not null,
  slash_part numeric(78,0) not null,
  unknown_part numeric(78,0) not null,
  primary key (chain_id, pos)
);
create index reward_beneficiary on reward (beneficiary, chain_id, pos);
create index reward_pool on reward (chain_id, pool_id, pos);
create index reward_ref on reward (chain_id, ref, pos);
create index reward_contribution on reward (chain_id, contribution_id, pos);

create table claim (
  chain_id integer not null,
  pos bigint not null,
  pool_id bytea not null,
  beneficiary bytea not null,
  recipient bytea not null,
  amount numeric(78,0) not null,
  primary key (chain_id, pos)
);
create index claim_beneficiary on claim (beneficiary, chain_id, pos);
create index claim_pool on claim (chain_id, pool_id, pos);

create table reversal (
  chain_id integer not null,
  pos bigint not null,
  pool_id bytea not null,
  beneficiary bytea not null,
  ref bytea not null,
  reason smallint not null,
  amount numeric(78,0) not null,
  primary key (chain_id, pos)
);
create index reversal_beneficiary on reversal (beneficiary, chain_id, pos);
create index reversal_pool on reversal (chain_id, pool_id, pos);
create index reversal_ref on reversal (chain_id, ref, pos);

-- ------------------------------------------------------------------ risk and accounts

create table bond_change (
  chain_id integer not null,
  pos bigint not null,
  account bytea not null,
  role smallint not null,
  ref bytea not null,
  delta numeric(78,0) not null,
  balance numeric(78,0) not null,
  primary key (chain_id, pos)
);
create index bond_change_account on bond_change (account, chain_id, role, pos);

create table slash (
  chain_id integer not null,
  pos bigint not null,
  account bytea not null,
  role smallint not null,
  ref bytea not null,
  amount numeric(78,0) not null,
  beneficiary bytea not null,
  primary key (chain_id, pos)
);
create index slash_account on slash (account, chain_id, role, pos);

create table reputation_change (
  chain_id integer not null,
  pos bigint not null,
  account bytea not null,
  datanet_id numeric(78,0) not null,
  delta numeric(78,0) not null,
  score numeric(78,0) not null,
  primary key (chain_id, pos)
);
create index reputation_change_account on reputation_change (account, chain_id, datanet_id, pos);

-- Recipients of staking events and voters: roles 6 (STAKER) and 7 (VOTER) of account_role.
create table participation (
  chain_id integer not null,
  pos bigint not null,
  account bytea not null,
  role smallint not null,
  primary key (chain_id, pos)
);

-- Where an account was first seen on a chain; item is its place among the arguments of that event.
create table account (
  address bytea not null,
  chain_id integer not null,
  pos bigint not null,
  item integer not null,
  primary key (address, chain_id)
);
create index account_position on account (chain_id, pos, item);
