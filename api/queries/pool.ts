import { nameOf, poolKinds } from '../../schema/codes';
import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { poolId } from '../ids';
import { sql } from '../sql';
import type { Pool, PoolFilter } from '../types/pool';
import { rowByKey } from './keyed';
import { Filter } from './lists/filter';
import { listConnection } from './lists/listConnection';

interface PoolRow {
  chain_id: number;
  pool_id: Buffer;
  pos: bigint;
  kind: number;
  subject_id: string;
  token: Buffer;
}
const columns = sql`l.chain_id, l.pool_id, l.pos, l.kind, l.subject_id, l.token`;

function toPool(row: PoolRow): Pool {
  return {
    id: poolId(row.chain_id, row.pool_id),
    chainId: row.chain_id,
    poolId: row.pool_id,
    kind: nameOf(poolKinds, row.kind),
    subjectId: row.subject_id,
    pos: row.pos,
    tokenAddress: row.token,
  };
}

const poolRow = rowByKey<PoolRow>(
  'pool',
  'bytea',
  sql`
    select p.ordinal, ${columns}
    from p
    join pool l on l.chain_id = p.chain_id and l.pool_id = p.key`,
);

/** null for an id that was never created. */
export async function pool(context: Context, chainId: number, key: Buffer): Promise<Pool | null> {
  const row = await poolRow(context, chainId, key);
  return row && toPool(row);
}

export interface PoolTotals {
  /** Funded, by source. */
  fee: string;
  emission: string;
  grant: string;
  slash: string;
  unknown: string;
  accrued: string;
  claimed: string;
  reversed: string;
}
const none: PoolTotals = {
  fee: '0',
  emission: '0',
  grant: '0',
  slash: '0',
  unknown: '0',
  accrued: '0',
  claimed: '0',
  reversed: '0',
};

const totalRow = rowByKey<PoolTotals>(
  'pool totals',
  'bytea',
  sql`
    select p.ordinal, t.fee, t.emission, t."grant", t.slash, t.unknown, t.accrued, t.claimed, t.reversed
    from p
    join pool_total t on t.chain_id = p.chain_id and t.pool_id = p.key`,
);

export async function poolTotals(context: Context, { chainId, poolId }: Pool): Promise<PoolTotals> {
  return (await totalRow(context, chainId, poolId)) ?? none;
}

export async function pools(
  context: Context,
  args: PageArgs,
  where: PoolFilter | null | undefined,
): Promise<Connection<Pool>> {
  const filter = await Filter.of(context, where);
  filter.code(sql`l.kind`, poolKinds, where?.kind);
  filter.idOf('where.subject', ['datanet', 'model'] as const, where?.subject, (type, is) => {
    const kind = poolKinds.indexOf(type === 'datanet' ? 'DATANET' : 'MODEL');
    return sql`(l.kind = ${kind}::smallint and ${is(sql`l.subject_id`)})`;
  });
  return listConnection<PoolRow, Pool>(
    context,
    args,
    {
      name: 'pools',
      columns,
      from: sql`pool l`,
      where: [sql`l.chain_id = p.chain_id`, ...filter.where],
      given: filter.given,
      pos: sql`l.pos`,
      direction: 'DESC',
    },
    { chainIds: filter.chainIds, key: null },
    toPool,
  );
}
