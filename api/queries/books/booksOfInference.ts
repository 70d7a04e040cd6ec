import { toHex } from '../../bytes';
import type { Context } from '../../context';
import { legNames } from '../../explanation/expectedReward';
import type { Books } from '../../reconciliation/books';
import { Ledger, residualsOf } from '../../reconciliation/ledger';
import { sql } from '../../sql';
import type { Inference } from '../../types/inference';
import { inferenceState } from '../inference';
import { splitOf } from '../inferenceParts';

/** InferenceSettled, the latest FeeSplit and the refunds of one inference. */
export async function booksOfInference(context: Context, inference: Inference): Promise<Books> {
  const { chainId, inferenceId, userAddress, feeToken, feeAmount, pos } = inference;
  const { refunded } = await inferenceState(context, inference);
  const split = await splitOf(context, inference);
  const token = { chainId, token: feeToken };
  const [user, own] = [`user:${toHex(userAddress)}`, `inference:${toHex(inferenceId)}`];
  const ledger = new Ledger();
  ledger.transfer(token, user, own, BigInt(feeAmount));
  ledger.transfer(token, own, user, BigInt(refunded));
  if (split) for (const leg of legNames) ledger.transfer(token, own, `split:${leg}`, BigInt(split[leg]));
  const lines = ledger.lines();
  const residuals = residualsOf(lines);
  return {
    chainIds: [chainId],
    lines: async () => lines,
    residuals,
    unexplained:
      residuals.length === 0
        ? null
        : sql`
          select pos from (
            values (${pos}::bigint), (${split?.pos ?? null}::bigint)
          ) as own (pos)
          where pos is not null and p.chain_id = ${chainId}::integer
          union all
          select r.pos from refund r where r.chain_id = p.chain_id and r.inference_id = ${inferenceId}::bytea`,
  };
}
