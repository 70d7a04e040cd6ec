import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { BlockRow } from '../blocks';
import type { ChainRow, Context } from '../context';
import { DateTimeScalar, HexScalar } from '../scalars';

export enum Finality {
  PENDING = 'PENDING',
  SAFE = 'SAFE',
  FINALIZED = 'FINALIZED',
}
registerEnumType(Finality, {
  name: 'Finality',
  description:
    "FINALIZED by the node's tag or the configured depth (number <= head - depth); SAFE by the node's tag, where it has one; else PENDING.",
});

@ObjectType({ simpleResolvers: true })
export class Block {
  @Field(() => Int)
  chainId!: number;

  @Field(() => Int)
  number!: number;

  @Field(() => HexScalar)
  hash!: Buffer;

  @Field(() => DateTimeScalar)
  timestamp!: bigint;

  @Field(() => Finality)
  finality!: () => Finality | Promise<Finality>;
}

/** By the marks of the chain's row. */
export function finalityOf(chain: ChainRow | undefined, number: bigint): Finality {
  if (chain && chain.finalized_number !== null && number <= chain.finalized_number) return Finality.FINALIZED;
  if (chain && chain.safe_number !== null && number <= chain.safe_number) return Finality.SAFE;
  return Finality.PENDING;
}

export function blockOfRow(context: Context, row: BlockRow): Block {
  return {
    chainId: row.chain_id,
    number: Number(row.number),
    hash: row.hash,
    timestamp: row.timestamp,
    async finality() {
      const chain = (await context.chains()).find(({ chain_id }) => chain_id === row.chain_id);
      return finalityOf(chain, row.number);
    },
  };
}
