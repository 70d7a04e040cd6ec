import { BENCH_CHAIN_ID } from '../chain/benchChain';
import { addressWord, NATIVE, text, txHash, word } from './standing';

/** Of each kind of fact that stories write: its event, the indexed arguments and the data, as a log has them. */
const kinds: readonly { event: string; from: string; topics: readonly string[]; data: string }[] = [
  {
    event: 'DatanetCreated',
    from: 'datanet',
    topics: [word('datanet_id'), addressWord('owner'), 'transaction_id'],
    data: `${word('data_type')} || metadata_hash || ${text(96, 'metadata_uri')}`,
  },
  {
    event: 'ModelRegistered',
    from: 'model',
    topics: [word('model_id'), addressWord('builder'), word('0')],
    data: `metadata_hash || ${text(64, 'metadata_uri')}`,
  },
  {
    event: 'PoolCreated',
    from: 'pool',
    topics: ['pool_id', word('kind'), word('subject_id')],
    data: addressWord('token'),
  },
  {
    event: 'ContributionSubmitted',
    from: 'contribution',
    topics: [word('contribution_id'), word('datanet_id'), addressWord('contributor')],
    data: `content_hash || ${word('size_bytes')} || license_id || ${word('bond')} || ${text(160, 'uri')}`,
  },
  {
    event: 'ContributionFinalized',
    from: 'contribution_decision',
    topics: [word('contribution_id'), word('status')],
    data: `${word('datanet_version')} || ${word('score_ppm')} || ${word('reason')}`,
  },
  {
    event: 'InferenceSettled',
    from: 'inference',
    topics: ['inference_id', word('model_id'), addressWord('user_address')],
    data: `${word('32')} || ${word('model_version')} || ${word('tokens_in')} || ${word('tokens_out')} ||
      ${addressWord('fee_token')} || ${word('fee')} || ${word('224')} || output_hash || ${word('0')}`,
  },
  {
    event: 'FeeSplit',
    from: 'fee_split',
    topics: ['inference_id'],
    data: ['platform', 'model', 'stakers', 'contributors'].map(word).join(' || '),
  },
  {
    event: 'PoolFunded',
    from: 'pool_funding',
    topics: ['pool_id', word('source'), 'ref'],
    data: `${addressWord('funder')} || ${word('amount')}`,
  },
  {
    event: 'AttributionCommitted',
    from: `(select a.*, i.model_id from attribution a join inference i using (chain_id, inference_id))`,
    topics: ['inference_id', word('model_id'), word('epoch')],
    data: `${word('method')} || leaves_root || ${word('leaf_count')} || ${text(128, `'ipfs://proof'::text`)}`,
  },
  {
    event: 'InfluenceRecorded',
    from: 'influence',
    topics: ['inference_id', word('datanet_id'), word('contribution_id')],
    data: `${addressWord('contributor')} || ${word('influence')} || ${word('weight_ppm')}`,
  },
  {
    event: 'RewardAccrued',
    from: 'reward',
    topics: ['pool_id', addressWord('beneficiary'), 'ref'],
    data: ['role', 'contribution_id', 'amount', 'epoch'].map(word).join(' || '),
  },
  {
    event: 'RewardClaimed',
    from: 'claim',
    topics: ['pool_id', addressWord('beneficiary'), addressWord('recipient')],
    data: word('amount'),
  },
];

/** Inserts the events of all facts at these positions (`to` exclusive), in chain order, and their blocks. */
export function eventsSql(from: string, to: string, timestamp: string): string {
  const each = kinds.map(
    ({ event, from: table, topics, data }) => `
    select f.pos, t.address, t.id, t.topic0 || ${topics.join(' || ')} as topics, ${data} as data
    from ${table} f join making.type t on t.name = '${event}'
    where f.chain_id = ${BENCH_CHAIN_ID} and f.pos >= ${from} and f.pos < ${to}`,
  );
  return `
  insert into event (chain_id, pos, tx_hash, contract, event_type, topics, data)
  select ${BENCH_CHAIN_ID}, pos, ${txHash('pos')}, address, id, topics, data
  from (${each.join(' union all ')}) e
  order by pos;
  insert into block (chain_id, number, hash, timestamp, events)
  select ${BENCH_CHAIN_ID}, number, sha256('block'::bytea || int8send(number)), ${timestamp}, events
  from (
    select block_of(pos) as number, count(*)::integer as events from event
    where chain_id = ${BENCH_CHAIN_ID} and pos >= ${from} and pos < ${to}
    group by 1
  ) b
  order by number;`;
}

/** Where each account was seen first. */
export const accountsSql = `
  insert into account (address, chain_id, pos, item)
  select address, ${BENCH_CHAIN_ID}, min(pos), 0
  from (
    select owner as address, pos from datanet
    union all select builder, pos from model
    union all select contributor, pos from contribution
    union all select user_address, pos from inference
    union all select funder, pos from pool_funding where source = 1
    union all select beneficiary, pos from reward where ref = '\\x${'0'.repeat(64)}'
  ) named
  where address <> ${NATIVE}
  group by address
  order by 3;`;
