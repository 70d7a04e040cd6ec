import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { answeredAsOf } from '../asOf';
import { type Connection, ForwardArgs } from '../connection';
import type { Context } from '../context';
import { type IdType, parseIdOf } from '../ids';
import { account, seen } from '../queries/account';
import { booksOfAccount } from '../queries/books/booksOfAccount';
import { booksOfChain } from '../queries/books/booksOfChain';
import { booksOfInference } from '../queries/books/booksOfInference';
import { booksOfPool } from '../queries/books/booksOfPool';
import { inference } from '../queries/inference';
import { pool } from '../queries/pool';
import { unexplained } from '../queries/unexplained';
import type { Books } from '../reconciliation/books';
import { tokenAmount, tokenOf } from '../tokens';
import { BlockRef } from '../types/blockRef';
import type { Provenance } from '../types/provenance';
import { ProvenanceConnection, Reconciliation, ReconciliationScope } from '../types/reconciliation';

/** Whose books, and the chain whose block they are of. */
interface Found {
  books: Books;
  chainId: number;
}

@Resolver(() => Reconciliation)
export class ReconciliationResolver {
  @Query(() => Reconciliation, {
    nullable: true,
    description: 'Double entry over one inference, pool, account or chain: whether it adds up, and what does not.',
  })
  async reconcile(
    @Ctx() context: Context,
    @Arg('scope', () => ReconciliationScope) scope: ReconciliationScope,
    @Arg('id', () => ID) id: string,
    @Arg('asOf', () => BlockRef, { nullable: true }) _asOf: BlockRef | null,
  ): Promise<Reconciliation | null> {
    const found = await booksOf(context, scope, id);
    if (!found) return null;
    const { books, chainId } = found;
    return {
      scope,
      // Hex of any case goes in.
      subject: id.toLowerCase(),
      asOf: () => answeredAsOf(context, chainId),
      lines: async () =>
        (await books.lines()).map(({ account: name, chainId: of, token, debit, credit }) => ({
          account: name,
          token: () => tokenOf(context, of, token),
          debit,
          credit,
        })),
      balanced: books.residuals.length === 0,
      residuals: books.residuals.map(({ chainId: of, token, amount }) => tokenAmount(context, of, token, amount)),
      books,
    };
  }

  @FieldResolver(() => ProvenanceConnection, { description: 'The events behind a residual that is not zero.' })
  unexplained(
    @Ctx() context: Context,
    @Root() { scope, subject, books }: Reconciliation,
    @Args(() => ForwardArgs) page: ForwardArgs,
  ): Promise<Connection<Provenance>> {
    return unexplained(context, page, `${scope} ${subject}`, books);
  }
}

const typeOfScope = {
  INFERENCE: 'inference',
  POOL: 'pool',
  ACCOUNT: 'account',
  CHAIN: 'chain',
} as const satisfies Record<ReconciliationScope, IdType>;

/** null for a subject that doesn't exist, and for an id of another type than the scope's. */
async function booksOf(context: Context, scope: ReconciliationScope, id: string): Promise<Found | null> {
  const parsed = parseIdOf(typeOfScope[scope], id);
  switch (parsed?.type) {
    case 'inference': {
      const found = await inference(context, parsed.chainId, parsed.key);
      return found && { books: await booksOfInference(context, found), chainId: found.chainId };
    }
    case 'pool': {
      const found = await pool(context, parsed.chainId, parsed.key);
      return found && { books: await booksOfPool(context, found), chainId: found.chainId };
    }
    case 'account': {
      const found = await account(context, parsed.address, null);
      // Of several chains the one that knows the account latest says as of when.
      return (
        found && { books: await booksOfAccount(context, found), chainId: (await seen(context, found, 'last')).chainId }
      );
    }
    case 'chain': {
      const known = (await context.chains()).some(({ chain_id, indexed_number }) => {
        return chain_id === parsed.chainId && indexed_number !== null;
      });
      return known ? { books: await booksOfChain(context, parsed.chainId), chainId: parsed.chainId } : null;
    }
    default:
      return null;
  }
}
