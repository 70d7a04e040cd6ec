import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { parseIdOf } from '../ids';
import { provenanceAt } from '../provenance';
import { sourceAmounts } from '../queries/backing';
import { datanet } from '../queries/datanet';
import { model } from '../queries/model';
import { type PoolTotals, pool, pools, poolTotals } from '../queries/pool';
import { BigIntScalar } from '../scalars';
import { tokenOf } from '../tokens';
import { SourceAmount } from '../types/backing';
import { AsOf, type BlockRef } from '../types/blockRef';
import { type NodeObject, NodeType } from '../types/node';
import { Pool, PoolConnection, PoolFilter } from '../types/pool';
import { Provenance } from '../types/provenance';
import { Token } from '../types/token';

@Resolver(() => Pool)
export class PoolResolver {
  @Query(() => Pool, { nullable: true })
  async pool(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Pool | null> {
    const parsed = parseIdOf('pool', id);
    return parsed && pool(context, parsed.chainId, parsed.key);
  }

  @Query(() => PoolConnection, { nullable: true })
  pools(
    @Ctx() context: Context,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => PoolFilter, { nullable: true }) where: PoolFilter | null,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<Connection<Pool>> {
    return pools(context, page, where);
  }

  @FieldResolver(() => NodeType, { nullable: true })
  async subject(@Ctx() context: Context, @Root() { kind, chainId, subjectId }: Pool): Promise<NodeObject | null> {
    if (kind === 'DATANET') return datanet(context, chainId, subjectId);
    return kind === 'MODEL' ? model(context, chainId, subjectId) : null;
  }

  @FieldResolver(() => Token, { nullable: true })
  token(@Ctx() context: Context, @Root() { chainId, tokenAddress }: Pool): Promise<Token> {
    return tokenOf(context, chainId, tokenAddress);
  }

  @FieldResolver(() => BigIntScalar)
  async funded(@Ctx() context: Context, @Root() pool: Pool): Promise<bigint> {
    return fundedOf(await poolTotals(context, pool));
  }

  @FieldResolver(() => [SourceAmount])
  async fundedBySource(@Ctx() context: Context, @Root() pool: Pool): Promise<SourceAmount[]> {
    return sourceAmounts(await poolTotals(context, pool));
  }

  @FieldResolver(() => BigIntScalar)
  async accrued(@Ctx() context: Context, @Root() pool: Pool): Promise<string> {
    return (await poolTotals(context, pool)).accrued;
  }

  @FieldResolver(() => BigIntScalar)
  async claimed(@Ctx() context: Context, @Root() pool: Pool): Promise<string> {
    return (await poolTotals(context, pool)).claimed;
  }

  @FieldResolver(() => BigIntScalar)
  async reversed(@Ctx() context: Context, @Root() pool: Pool): Promise<string> {
    return (await poolTotals(context, pool)).reversed;
  }

  @FieldResolver(() => BigIntScalar, {
    description:
      'funded - (accrued - reversed): what is left to give out; negative means that more was promised than funded.',
  })
  async balance(@Ctx() context: Context, @Root() pool: Pool): Promise<bigint> {
    const totals = await poolTotals(context, pool);
    return fundedOf(totals) - (BigInt(totals.accrued) - BigInt(totals.reversed));
  }

  @FieldResolver(() => Provenance)
  createdAt(@Ctx() context: Context, @Root() { chainId, pos }: Pool): Promise<Provenance> {
    return provenanceAt(context, chainId, pos);
  }
}

function fundedOf({ fee, emission, grant, slash, unknown }: PoolTotals): bigint {
  return [fee, emission, grant, slash, unknown].map(BigInt).reduce((sum, part) => sum + part, 0n);
}
