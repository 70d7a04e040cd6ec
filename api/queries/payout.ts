import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { placedId } from '../ids';
import { sql } from '../sql';
import type { Claim, ClaimFilter, Reversal, ReversalFilter } from '../types/reward';
import { rowByKey } from './keyed';
import { Filter } from './lists/filter';
import { listConnection } from './lists/listConnection';
import { NO_REF } from './noRef';

interface ClaimRow {
  chain_id: number;
  pos: bigint;
  pool_id: Buffer;
  beneficiary: Buffer;
  recipient: Buffer;
  amount: string;
  token: Buffer | null;
}
const claimColumns = sql`c.chain_id, c.pos, c.pool_id, c.beneficiary, c.recipient, c.amount, l.token`;
const claimsWithPool = sql`claim c left join pool l on l.chain_id = c.chain_id and l.pool_id = c.pool_id`;

function toClaim(row: ClaimRow): Claim {
  return {
    id: placedId('claim', row.chain_id, row.pos),
    chainId: row.chain_id,
    poolId: row.pool_id,
    pos: row.pos,
    beneficiaryAddress: row.beneficiary,
    recipientAddress: row.recipient,
    value: row.amount,
    tokenAddress: row.token,
  };
}

const claimRow = rowByKey<ClaimRow>(
  'claim',
  'bigint',
  sql`
    select p.ordinal, ${claimColumns}
    from p
    join claim c on c.chain_id = p.chain_id and c.pos = p.key
    left join pool l on l.chain_id = c.chain_id and l.pool_id = c.pool_id`,
);

/** The claim at that position; null where none is. */
export async function claim(context: Context, chainId: number, pos: bigint): Promise<Claim | null> {
  const row = await claimRow(context, chainId, pos);
  return row && toClaim(row);
}

/** `of`: an account's claims; without it everybody's. */
export async function claims(
  context: Context,
  args: PageArgs,
  where: ClaimFilter | null | undefined,
  of?: { chainIds: readonly number[] | null; address: Buffer },
): Promise<Connection<Claim>> {
  const filter = await Filter.of(context, where, of?.chainIds);
  filter.address(sql`c.beneficiary`, where?.beneficiary);
  filter.id('where.pool', 'pool', where?.pool, (is) => is(sql`c.pool_id`));
  await filter.time(where?.claimedAt);
  return listConnection<ClaimRow, Claim>(
    context,
    args,
    {
      name: of ? 'account.claims' : 'claims',
      keyType: 'bytea',
      columns: claimColumns,
      from: claimsWithPool,
      where: [sql`c.chain_id = p.chain_id`, ...(of ? [sql`c.beneficiary = p.key`] : []), ...filter.where],
      pos: sql`c.pos`,
      direction: 'DESC',
      given: filter.given,
      range: filter.range,
    },
    { chainIds: filter.chainIds, key: of?.address ?? null },
    toClaim,
  );
}

interface ReversalRow {
  chain_id: number;
  pos: bigint;
  pool_id: Buffer;
  beneficiary: Buffer;
  ref: Buffer;
  reason: number;
  amount: string;
  token: Buffer | null;
}
const reversalColumns = sql`v.chain_id, v.pos, v.pool_id, v.beneficiary, v.ref, v.reason, v.amount, l.token`;
function toReversal(row: ReversalRow): Reversal {
  return {
    id: placedId('reversal', row.chain_id, row.pos),
    chainId: row.chain_id,
    poolId: row.pool_id,
    ref: row.ref,
    reason: row.reason,
    pos: row.pos,
    beneficiaryAddress: row.beneficiary,
    value: row.amount,
    tokenAddress: row.token,
  };
}

const reversalRow = rowByKey<ReversalRow>(
  'reversal',
  'bigint',
  sql`
    select p.ordinal, ${reversalColumns}
    from p
    join reversal v on v.chain_id = p.chain_id and v.pos = p.key
    left join pool l on l.chain_id = v.chain_id and l.pool_id = v.pool_id`,
);

/** The reversal at that position; null where none is. */
export async function reversal(context: Context, chainId: number, pos: bigint): Promise<Reversal | null> {
  const row = await reversalRow(context, chainId, pos);
  return row && toReversal(row);
}

export async function reversals(
  context: Context,
  args: PageArgs,
  where: ReversalFilter | null | undefined,
): Promise<Connection<Reversal>> {
  const filter = await Filter.of(context, where);
  filter.address(sql`v.beneficiary`, where?.beneficiary);
  filter.id('where.pool', 'pool', where?.pool, (is) => is(sql`v.pool_id`));
  // A zero ref is none, though an inference may have the id zero.
  filter.id(
    'where.inference',
    'inference',
    where?.inference,
    (is) => sql`(${is(sql`v.ref`)} and v.ref <> ${NO_REF}::bytea)`,
  );
  await filter.time(where?.reversedAt);
  return listConnection<ReversalRow, Reversal>(
    context,
    args,
    {
      name: 'reversals',
      columns: reversalColumns,
      from: sql`reversal v left join pool l on l.chain_id = v.chain_id and l.pool_id = v.pool_id`,
      where: [sql`v.chain_id = p.chain_id`, ...filter.where],
      pos: sql`v.pos`,
      direction: 'DESC',
      given: filter.given,
      range: filter.range,
    },
    { chainIds: filter.chainIds, key: null },
    toReversal,
  );
}
