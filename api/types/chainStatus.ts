import { Field, Float, Int, ObjectType } from 'type-graphql';
import { ChangeCursorScalar } from '../scalars';
import { Block } from './block';

@ObjectType({ simpleResolvers: true })
export class ChainStatus {
  @Field(() => Int)
  chainId!: number;

  @Field(() => String)
  name!: string;

  @Field(() => Block, { nullable: true, description: "The node's head, as last seen." })
  head!: Block | null;

  @Field(() => Block, { nullable: true, description: 'Everything up to here is in every answer.' })
  indexed!: Block | null;

  @Field(() => Block, { nullable: true })
  safe!: Block | null;

  @Field(() => Block, { nullable: true })
  finalized!: Block | null;

  @Field(() => Int, { nullable: true })
  blocksBehind!: number | null;

  @Field(() => Float, { description: '0..1 while history is being indexed.' })
  progress!: number;

  @Field(() => Float)
  eventsPerSecond!: number;

  @Field(() => Int, { description: 'Rewinds so far, and the most blocks that one undid.' })
  reorgs!: number;

  @Field(() => Int)
  deepestReorg!: number;

  @Field(() => Int, { description: 'Logs of the configured contracts that no profile decodes, kept and counted.' })
  undecodedLogs!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Everything up to here was checked against the block headers (bloom and receipts root), so no log is missing; null when not checked.',
  })
  verifiedTo!: number | null;

  @Field(() => [String], {
    description:
      "What the endpoints or blocks don't allow (no receipts, no finalized tag, an unknown receipt type) and what that costs.",
  })
  warnings!: string[];

  @Field(() => String, { nullable: true, description: 'Why this chain stands still, and what to do.' })
  error!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class IndexStatus {
  @Field(() => [ChainStatus])
  chains!: ChainStatus[];

  @Field(() => Boolean)
  synced!: boolean;

  @Field(() => String)
  version!: string;

  @Field(() => ChangeCursorScalar)
  changeCursor!: string;
}
