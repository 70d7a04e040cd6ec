import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { explain } from '../explanation/explain';
import type { Step } from '../explanation/step';
import { parseIdOf } from '../ids';
import { provenanceAt } from '../provenance';
import { reward } from '../queries/reward';
import { rewardRecord } from '../queries/rewardRecord';
import { tokenAmount, tokenOf } from '../tokens';
import { BlockRef } from '../types/blockRef';
import { ExplanationKind, type ExplanationStep, RewardExplanation } from '../types/explanation';

@Resolver()
export class ExplanationResolver {
  @Query(() => RewardExplanation, {
    nullable: true,
    description:
      'Why a reward has the amount it has: fee, split, weight, pool and reward, each with the log that proves it.',
  })
  async explainReward(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('asOf', () => BlockRef, { nullable: true }) _asOf: BlockRef | null,
  ): Promise<RewardExplanation | null> {
    const parsed = parseIdOf('reward', id);
    const found = parsed && (await reward(context, parsed.chainId, parsed.pos));
    if (!found) return null;
    const { chainId, tokenAddress } = found;
    const record = await rewardRecord(context, found);
    const addresses = { fee: record.inference?.feeToken ?? tokenAddress, pool: tokenAddress };
    const tokens = {
      fee: await tokenOf(context, chainId, addresses.fee),
      pool: await tokenOf(context, chainId, addresses.pool),
    };
    const { steps, expected, difference, summary } = explain(record, tokens);
    const shown = ({ kind, text, amount, formula, evidence }: Step): ExplanationStep => ({
      kind: ExplanationKind[kind],
      text,
      amount: amount && tokenAmount(context, chainId, addresses[amount.of], amount.amount),
      formula,
      evidence: () => Promise.all(evidence.map((pos) => provenanceAt(context, chainId, pos))),
    });
    return { reward: found, steps: steps.map(shown), expected, difference, summary };
  }
}
