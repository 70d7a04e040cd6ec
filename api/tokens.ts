import { toHex } from './bytes';
import type { Context } from './context';
import { sql } from './sql';
import type { Token, TokenAmount } from './types/token';

const NATIVE = Buffer.alloc(20);

export const tokenId = (chainId: number, address: Buffer | null): string =>
  `token:${chainId}:${address === null ? 'unknown' : address.equals(NATIVE) ? 'native' : toHex(address)}`;

/** `address`: the zero address is the chain's native token; null where no event names the token. */
export async function tokenOf(context: Context, chainId: number, address: Buffer | null): Promise<Token> {
  const token = { id: tokenId(chainId, address), chainId, address: null, symbol: null, decimals: null, native: false };
  if (address === null) return token;
  if (address.equals(NATIVE)) {
    const chain = (await context.chains()).find(({ chain_id }) => chain_id === chainId);
    return { ...token, native: true, symbol: chain?.native_symbol ?? null, decimals: chain?.native_decimals ?? null };
  }
  return { ...token, address, ...(await tokenData(context, chainId, address)) };
}

/** The token is looked up only when it is selected: nobody would wait for it, nor catch its error, else. */
export function tokenAmount(
  context: Context,
  chainId: number,
  address: Buffer | null,
  amount: bigint | string,
): TokenAmount {
  return { token: () => tokenOf(context, chainId, address), amount };
}

interface TokenData {
  symbol: string | null;
  decimals: number | null;
}

/** What the token's contract said, once it was asked. */
function tokenData(context: Context, chainId: number, address: Buffer): Promise<TokenData> {
  return context
    .loader<{ chainId: number; address: Buffer }, TokenData>(
      'token',
      async (keys) => {
        const rows = await context.snapshot.query<TokenData & { chain_id: number; address: Buffer }>(sql`
          select t.chain_id, t.address, t.symbol, t.decimals
          from unnest(${keys.map((key) => key.chainId)}::integer[], ${keys.map((key) => key.address)}::bytea[])
            as k (chain_id, address)
          join token t on t.chain_id = k.chain_id and t.address = k.address`);
        const found = new Map(rows.map((row) => [tokenId(row.chain_id, row.address), row]));
        return keys.map((key) => {
          const row = found.get(tokenId(key.chainId, key.address));
          return { symbol: row?.symbol ?? null, decimals: row?.decimals ?? null };
        });
      },
      (key) => tokenId(key.chainId, key.address),
    )
    .load({ chainId, address });
}
