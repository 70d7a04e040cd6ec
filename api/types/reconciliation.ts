import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { connectionTypes } from '../connection';
import type { Books } from '../reconciliation/books';
import { BigIntScalar } from '../scalars';
import { Block } from './block';
import { Provenance } from './provenance';
import { Token, TokenAmount } from './token';

export enum ReconciliationScope {
  INFERENCE = 'INFERENCE',
  POOL = 'POOL',
  ACCOUNT = 'ACCOUNT',
  CHAIN = 'CHAIN',
}
registerEnumType(ReconciliationScope, {
  name: 'ReconciliationScope',
  description: 'Whose books are balanced.',
  valuesConfig: {
    INFERENCE: { description: 'One inference: its fee, its latest split, its refunds.' },
    POOL: { description: 'One pool: what it was funded by, and the rewards, reversals and claims of it.' },
    ACCOUNT: { description: 'One account: what it paid, what it was credited, what it was paid.' },
    CHAIN: { description: 'Everything on a chain; its id is "chain:<chainId>".' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: `account is user:0x…, inference:0x…, split:platform|model|stakers|contributors|unknown, external:EMISSION|GRANT|SLASH|UNKNOWN,
pool:0x…, rewards:0x… or paid:0x…; for CHAIN the part after user, inference, pool, rewards and paid is left away. One line
per account and token, sums of all postings in scope: INFERENCE and POOL: the events of that subject; ACCOUNT: postings to
user:, rewards: and paid: of that address; CHAIN (id "chain:<chainId>"): all.`,
})
export class LedgerLine {
  @Field(() => String, { description: 'The account of the ledger.' })
  account!: string;

  @Field(() => Token, { description: 'Amounts of different tokens stand on lines of their own.' })
  token!: () => Promise<Token>;

  @Field(() => BigIntScalar, { description: 'What went out of the account.' })
  debit!: bigint;

  @Field(() => BigIntScalar, { description: 'What came into the account.' })
  credit!: bigint;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Double entry: what went in, what came out, and what nothing explains.',
})
export class Reconciliation {
  @Field(() => ReconciliationScope, { description: 'What was asked for.' })
  scope!: ReconciliationScope;

  @Field(() => ID, { description: 'The id of what was asked for.' })
  subject!: string;

  @Field(() => Block, { description: 'The block up to which everything counts.' })
  asOf!: () => Promise<Block>;

  @Field(() => [LedgerLine], { description: 'The ledger: by account, then by token.' })
  lines!: () => Promise<LedgerLine[]>;

  @Field(() => Boolean, {
    description: 'Whether nothing is left over anywhere: no residual, not even some that cancel.',
  })
  balanced!: boolean;

  @Field(() => [TokenAmount], {
    description:
      'Per token the sum of what is left on inferences and of what splits, pools and rewards are below zero, where any of it is not zero; a negative amount was given out without having come in.',
  })
  residuals!: TokenAmount[];

  /** The positions of the events behind the residuals. */
  books!: Books;
}

export const { Connection: ProvenanceConnection } = connectionTypes(() => Provenance, 'Provenance');
