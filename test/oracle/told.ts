import { id } from 'ethers';
import type { Args, PlacedBlock } from './log';
import { Oracle } from './model';
import type { Json, JsonObject } from './model/json';
import { blank, pretend } from './pretend';

/** A small history told as a table: an event and those of its arguments that matter. */
export type Told = [event: string, args?: Args];

export const [ANN, BOB, CAT] = ['aa', 'bb', 'cc'].map((byte) => `0x${byte.repeat(20)}`) as [string, string, string];
export const ZERO = `0x${'00'.repeat(20)}`;
export const ZERO_HASH = `0x${'00'.repeat(32)}`;
export const COIN = `0x${'e2'.repeat(20)}`;
export const POOL = id('pool');
export const OTHER_POOL = id('other pool');
export const ASKED = id('asked');
export const RUN = id('run');
export const ROOT = id('root');
export const MAX = 2n ** 256n - 1n;

/** One log a block, block n at second 100 n. */
export function blocksOf(logs: Told[], chainId = 1, branch = 'a', fromBlock = 1): PlacedBlock[] {
  return pretend(
    chainId,
    logs.map(([event, args], i) => {
      const number = fromBlock + i;
      return { number, timestamp: 100 * number, txs: [[blank(event, args)]] };
    }),
    branch,
  );
}

export function told(...logs: Told[]): Oracle {
  const oracle = new Oracle();
  for (const block of blocksOf(logs)) oracle.apply(block);
  return oracle;
}

/** The number of the block that a provenance names: with one log a block, which of the logs it was. */
export const nth = (provenance: Json | undefined) => ((provenance as JsonObject)['block'] as JsonObject)['number'];

/** The only row that there is. */
export function only(rows: JsonObject[]): JsonObject {
  if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`);
  return rows[0] as JsonObject;
}

export const native = (amount: bigint | number) => ({ token: { id: 'token:1:native' }, amount: String(amount) });
export const account = (address: string) => ({ id: `account:${address}` });

export function receipt(given: Args): Args {
  return { ...(blank('InferenceSettled').args['receipt'] as Args), ...given };
}
