import type { Client } from 'pg';
import { ContractSet } from '../../schema/contractSet';
import { profiles } from '../../schema/profiles';
import { loopContracts } from '../chain/benchBlocks';
import { BENCH_CHAIN_ID } from '../chain/benchChain';

export const ACCOUNTS = 20_000;
export const DATANETS = 200;
export const POOLS = 2_000;
/** Datanets that emissions are given to, each by a pool of its own. */
const EMISSION_POOLS = 100;
/** All pools but those of datanets, of emissions, of the platform and of stakers. */
export const MODELS = POOLS - DATANETS - EMISSION_POOLS - 2;
/** Contributions that are there when use begins. */
export const FIRST_CONTRIBUTIONS = 5_000;

/**
 * Of two contributions to a datanet or a person who does much one does far more than the other: small numbers are thrown
 * much more often. The same throws in every run.
 */
export const dice = (n: string, throwOf: number, size: string) =>
  `(floor(((hashint8extended(${n}, ${throwOf}) & 2147483647)::float8 / 2147483648) ^ 2 * ${size}))::bigint`;

/** A word of an event's data. */
export const word = (number: string) => `('\\x${'0'.repeat(48)}'::bytea || int8send((${number})::bigint))`;
export const addressWord = (address: string) => `('\\x${'0'.repeat(24)}'::bytea || ${address})`;
/** The end of an event's data: a string of at most 32 bytes, which begins at this byte. */
export const text = (at: number, value: string) =>
  `(${word(String(at))} || ${word(`length(${value})`)} || rpad_zero(convert_to(${value}, 'UTF8')))`;

export const NO_REF = `'\\x${'0'.repeat(64)}'::bytea`;
export const NATIVE = `'\\x${'0'.repeat(40)}'::bytea`;

/** Of everything that a transaction wrote: stories are 64 positions long at most. */
export const txHash = (pos: string) => `sha256('tx'::bytea || int8send(${pos} >> 6))`;

/** Where use begins; what is before was set up. */
export const FIRST_BLOCK = 10_000;
export const at = (block: string, logIndex = '0') => `(((${block})::bigint << 22) + (${logIndex}))`;

/** Tables and functions that the making needs and `forgetMaking` takes away: who there is, and what they are called. */
export const makingTables = `
  create schema making;
  create function public.rpad_zero(value bytea) returns bytea language sql immutable
    return value || substring('\\x${'0'.repeat(64)}'::bytea from 1 for 32 - length(value));
  create unlogged table making.person as
    select i::bigint as i, substring(sha256(convert_to('person ' || i, 'UTF8')) from 13) as address
    from generate_series(1, ${ACCOUNTS}) i;
  create unlogged table making.pool as
    select i::bigint as i, sha256(convert_to('pool ' || i, 'UTF8')) as pool_id,
      case when i <= ${DATANETS + EMISSION_POOLS} then 0 when i <= ${DATANETS + EMISSION_POOLS + MODELS} then 1
        when i = ${POOLS - 1} then 2 else 3 end::smallint as kind,
      case when i <= ${DATANETS} then i when i <= ${DATANETS + EMISSION_POOLS} then i - ${DATANETS}
        when i <= ${DATANETS + EMISSION_POOLS + MODELS} then i - ${DATANETS + EMISSION_POOLS} else 0 end as subject
    from generate_series(1, ${POOLS}) i;
  create unlogged table making.contribution (
    id bigint, pos bigint, datanet bigint, contributor bytea, pool_id bytea
  );
  create unlogged table making.type (name text, id smallint, address bytea, topic0 bytea);
  alter table making.person add primary key (i);
  alter table making.pool add primary key (i);
  analyze making.person, making.pool;`;

export const forgetMaking = 'drop schema making cascade; drop function public.rpad_zero(bytea)';

/** Pools' numbers, by what they are of. */
export const poolOf = {
  datanet: (datanet: string) => datanet,
  emission: (datanet: string) => `${DATANETS} + ${datanet}`,
  model: (model: string) => `${DATANETS + EMISSION_POOLS} + ${model}`,
};
export const emissionDatanet = (n: string) => `1 + (${n}) % ${EMISSION_POOLS}`;
/** Its builder's number. */
export const builderOf = (model: string) => `${ACCOUNTS + 1} - (${model})`;

/** @param ids of event_type */
export async function nameTypes(
  client: Client,
  ids: ReadonlyMap<{ decoder: { name: string } }, number>,
): Promise<void> {
  const addresses = new Map(loopContracts.map(({ contract, address }) => [contract, address]));
  const types = new ContractSet(
    loopContracts.map((each) => ({ ...each, startBlock: 0 })),
    profiles,
  ).eventTypes;
  for (const type of types) {
    const id = [...ids].find(([each]) => each.decoder === type.decoder)?.[1];
    const { name, topic0 } = type.decoder;
    await client.query('insert into making.type values ($1, $2, $3, $4)', [
      name,
      id,
      bytes(addresses.get(type.contract)!),
      bytes(topic0),
    ]);
  }
}

const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');

/** Datanets, models and pools, each in a block of its own. */
export const setUp = `
  insert into datanet (chain_id, datanet_id, pos, owner, transaction_id, data_type, metadata_hash, metadata_uri)
  select ${BENCH_CHAIN_ID}, d, ${at('10 + d')}, p.address, sha256(int8send(d)), d % 5, sha256(int8send(-d)),
    'ipfs://datanet-' || d
  from generate_series(1, ${DATANETS}) d join making.person p on p.i = d order by d;
  insert into model (chain_id, model_id, pos, builder, parent_model_id, metadata_hash, metadata_uri)
  select ${BENCH_CHAIN_ID}, m, ${at('1000 + m')}, p.address, 0, sha256(int8send(1000 + m)), 'ipfs://model-' || m
  from generate_series(1, ${MODELS}) m join making.person p on p.i = ${builderOf('m')} order by m;
  insert into pool (chain_id, pool_id, pos, kind, subject_id, token)
  select ${BENCH_CHAIN_ID}, pool_id, ${at('3000 + i')}, kind, subject, ${NATIVE} from making.pool order by i;
  select refresh_datanet(${BENCH_CHAIN_ID}, array(select datanet_id from datanet));`;
