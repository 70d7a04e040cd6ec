import { poolKinds } from '../../schema/codes';
import type { Context } from '../context';
import type { SplitLeg } from '../reconciliation/legOfPool';
import { sql } from '../sql';
import { feeTotals } from './feeTotals';

const kindOfLeg: Readonly<Record<SplitLeg, (typeof poolKinds)[number] | null>> = {
  contributors: 'DATANET',
  model: 'MODEL',
  platform: 'PLATFORM',
  stakers: 'STAKING',
  unknown: null,
};

/**
 * How far a chain's split:LEG of a token is below zero: what pools of the leg's kind declare as FEE, less what the latest
 * splits of settled inferences paid into the leg. 0 where the splits are enough.
 * @param token null: of pools never created
 */
export async function splitShortfall(
  context: Context,
  chainId: number,
  leg: SplitLeg,
  token: Buffer | null,
): Promise<bigint> {
  const kind = kindOfLeg[leg];
  const ofLeg =
    kind === null
      ? sql`(l.kind is null or l.kind not in (0, 1, 2, 3))`
      : sql`l.kind = ${poolKinds.indexOf(kind)}::smallint`;
  const [declared] = await context.snapshot.query<{ fee: string }>(sql`
    select coalesce(sum(t.fee), 0) as fee
    from pool_total t
    left join pool l on l.chain_id = t.chain_id and l.pool_id = t.pool_id
    where t.chain_id = ${chainId}::integer and ${ofLeg} and l.token is not distinct from ${token}::bytea`);
  const debit = BigInt(declared?.fee ?? 0);
  if (debit === 0n || leg === 'unknown' || token === null) return debit;
  const paid = (await feeTotals(context, chainId)).find((row) => row.token.equals(token));
  const missing = debit - BigInt(paid?.[leg] ?? 0);
  return missing > 0n ? missing : 0n;
}
