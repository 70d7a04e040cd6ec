import { BENCH_CHAIN_ID } from '../chain/benchChain';
import {
  ACCOUNTS,
  at,
  builderOf,
  DATANETS,
  dice,
  emissionDatanet,
  FIRST_BLOCK,
  FIRST_CONTRIBUTIONS,
  MODELS,
  NATIVE,
  NO_REF,
  POOLS,
  poolOf,
} from './standing';

/** What a story rewards. */
export const REWARDS_PER_STORY = 6;
/** Of a use: what its seven influences weigh in ppm. The sixth and seventh weigh too little to be paid. */
const WEIGHTS = [300_000, 220_000, 170_000, 130_000, 100_000, 60_000, 20_000];
const PAID = 5;
/** Of twenty stories one is an emission, of eight one begins with a contribution, of ten one ends with a claim. */
const EMISSION = '(n % 20 = 0)';
const FEE = '(20000000000000000 * (1 + n % 5))';
const EMITTED = 100_000_000_000_000_000n;

/** Two stories a block. */
export const storyPos = (n: string) => at(`${FIRST_BLOCK} + ${n} / 2`, `64 * (${n} % 2)`);
const refOf = (pos: string) => `sha256('inference'::bytea || int8send(${pos} >> 6))`;
const chain = BENCH_CHAIN_ID;
const hash = (pos: string) => `sha256(int8send(${pos}))`;

/** Contributions of before use begins: each in a block of its own. */
export const firstContributions = `
  ${contributionsFrom(`select id, ${at('5000 + id / 2', '64 * (id % 2)')} as pos from generate_series(1, ${FIRST_CONTRIBUTIONS}) id`)}`;

/**
 * Inserts what happens in stories `from` to `to` (exclusive), in chain order, and refreshes what follows from it: uses of
 * a model with what influenced the answer, their fees and rewards, emissions, contributions and claims.
 */
export function storiesSql(from: number, to: number): string {
  const stories = `select n::bigint as n, ${storyPos('n::bigint')} as pos from generate_series(${from}, ${to - 1}) n`;
  return `
  ${contributionsFrom(
    `select ${FIRST_CONTRIBUTIONS} + n / 8 as id, pos + 40 as pos from (${stories}) s where n % 8 = 0 and n > 0`,
  )}
  drop table if exists making.story, making.pick;
  create unlogged table making.story as
    select n, pos, ref, ${EMISSION} as is_emission, fee, model, u.address as user_address, b.address as builder,
      p.pool_id as model_pool
    from (
      select n, pos, ${refOf('pos')} as ref, ${FEE} as fee, 1 + ${dice('n', 1, String(MODELS))} as model,
        1 + ${dice('n', 2, String(ACCOUNTS))} as user_i
      from (${stories}) s
    ) s
    join making.person u on u.i = s.user_i
    join making.person b on b.i = ${builderOf('s.model')}
    join making.pool p on p.i = ${poolOf.model('s.model')}
    order by n;
  create unlogged table making.pick as
    select s.n, s.pos, s.j, s.ref, s.user_address, s.fee, c.id, c.datanet, c.contributor, c.pool_id,
      (array[${WEIGHTS.join()}])[s.j + 1] as weight
    from (
      select n, pos, j, ref, user_address, fee,
        1 + 7 * ${dice('n * 7 + j', 3, `((${FIRST_CONTRIBUTIONS} + (n - 1) / 8) / 7)`)} + j as id
      from making.story cross join generate_series(0, 6) j
      where not is_emission and (j < 6 or n % 2 = 1)
    ) s
    join making.contribution c on c.id = s.id
    order by s.n, s.j;
  analyze making.story, making.pick;
  insert into inference (chain_id, inference_id, pos, model_id, user_address, model_version, tokens_in, tokens_out,
    fee_token, fee, output_hash)
  select ${chain}, ref, pos, model, user_address, 1, 900 + n % 4000, 300, ${NATIVE}, fee, ${hash('pos')}
  from making.story where not is_emission order by n;
  insert into fee_split (chain_id, pos, inference_id, platform, model, stakers, contributors)
  select ${chain}, pos + 1, ref, fee / 10, fee * 3 / 10, fee / 10, fee / 2
  from making.story where not is_emission order by n;
  insert into pool_funding (chain_id, pos, pool_id, source, ref, funder, amount)
  select ${chain}, pos, pool_id, source, ref, funder, amount
  from (
    select pos + 2 as pos, (select pool_id from making.pool where i = ${POOLS - 1}) as pool_id, 0 as source, ref,
      user_address as funder, fee / 10 as amount
    from making.story where not is_emission
    union all
    select pos + 3, model_pool, 0, ref, user_address, fee * 3 / 10 from making.story where not is_emission
    union all
    select pos + 4, (select pool_id from making.pool where i = ${POOLS}), 0, ref, user_address, fee / 10
    from making.story where not is_emission
    union all
    select pos + 5 + j, pool_id, 0, ref, user_address,
      case when j = 0 then fee / 2 - ${WEIGHTS.slice(1, PAID)
        .map((weight) => `fee / 2000000 * ${weight}`)
        .join(' - ')} else fee / 2000000 * weight end
    from making.pick where j < ${PAID}
    union all
    select s.pos, p.pool_id, 1, ${NO_REF}, (select address from making.person where i = 1), ${EMITTED} * ${REWARDS_PER_STORY}
    from making.story s join making.pool p on p.i = ${poolOf.emission(emissionDatanet('s.n / 20'))}
    where s.is_emission
  ) f order by pos;
  insert into attribution (chain_id, pos, inference_id, epoch, method, leaves_root, leaf_count)
  select ${chain}, pos + 10, ref, n / 20, 0, ${hash('pos + 10')}, 6 + n % 2
  from making.story where not is_emission order by n;
  insert into influence (chain_id, pos, inference_id, datanet_id, contribution_id, contributor, influence, weight_ppm)
  select ${chain}, pos + 11 + j, ref, datanet, id, contributor, weight * 1000, weight from making.pick order by n, j;
  insert into reward (chain_id, pos, pool_id, beneficiary, ref, role, contribution_id, amount, epoch, fee_part,
    emission_part, grant_part, slash_part, unknown_part)
  select ${chain}, pos, pool_id, beneficiary, ref, role, contribution_id, amount, epoch,
    case when emission then 0 else amount end, case when emission then amount else 0 end, 0, 0, 0
  from (
    select pos + 18 as pos, model_pool as pool_id, builder as beneficiary, ref, 1 as role, 0 as contribution_id,
      fee * 3 / 10 as amount, n / 20 as epoch, false as emission
    from making.story where not is_emission
    union all
    select pos + 19 + j, pool_id, contributor, ref, 0, id, fee / 2000000 * weight, n / 20, false
    from making.pick where j < ${PAID}
    union all
    select s.pos + 1 + j, p.pool_id, a.address, ${NO_REF}, 0, 0, ${EMITTED}, s.n / 20, true
    from making.story s
    cross join generate_series(0, ${REWARDS_PER_STORY - 1}) j
    join making.pool p on p.i = ${poolOf.emission(emissionDatanet('s.n / 20'))}
    join making.person a on a.i = 1 + ${dice('s.n * 7 + j', 4, String(ACCOUNTS))}
    where s.is_emission
  ) r order by pos;
  insert into claim (chain_id, pos, pool_id, beneficiary, recipient, amount)
  select ${chain}, pos + 30, model_pool, builder, builder, fee * 3 / 10
  from making.story where n % 10 = 3 and not is_emission order by n;
  select refresh_inference(${chain}, array(select ref from making.story where not is_emission));
  select refresh_reward(${chain}, array(
    select pos from reward where pos >= ${storyPos(`${from}::bigint`)} and pos < ${storyPos(`${to}::bigint`)}
  ));`;
}

/** @param places a query of (id, pos) */
function contributionsFrom(places: string): string {
  return `
  with added as (
    insert into making.contribution (id, pos, datanet, contributor, pool_id)
    select c.id, c.pos, c.datanet, a.address, p.pool_id
    from (
      select id, pos, 1 + ${dice('id', 5, String(DATANETS))} as datanet, 1 + ${dice('id', 6, String(ACCOUNTS))} as who
      from (${places}) x
    ) c
    join making.person a on a.i = c.who
    join making.pool p on p.i = c.datanet
    returning *
  )
  insert into contribution (chain_id, contribution_id, pos, item, datanet_id, contributor, content_hash, size_bytes,
    license_id, bond, uri)
  select ${chain}, id, pos, 0, datanet, contributor, ${hash('pos')}, 48000 + id % 100000, sha256('licence'),
    1000000000000000000, 'ipfs://contribution-' || id
  from added order by pos;
  insert into contribution_decision (chain_id, pos, contribution_id, status, datanet_version, score_ppm, reason)
  select ${chain}, c.pos + 2, id, 1, 1, 900000, 0 from making.contribution c join (${places}) x using (id) order by 2;
  select refresh_contribution(${chain}, array(select id::numeric from (${places}) x));`;
}
