import { Arg, Field, InputType, Int } from 'type-graphql';
import { HexScalar } from '../scalars';

@InputType({
  description:
    'Exactly one field. minNumber: the newest state, once that block is indexed (read your own writes, also from a replica).',
})
export class BlockRef {
  @Field(() => Int, { nullable: true })
  number?: number | null;

  @Field(() => HexScalar, { nullable: true })
  hash?: string | null;

  @Field(() => Int, { nullable: true })
  minNumber?: number | null;
}

/** The argument of a root field; its context is of that block already (api/asOfFields.ts). */
export const AsOf = () => Arg('asOf', () => BlockRef, { nullable: true });
