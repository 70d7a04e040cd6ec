import type { AmountLike } from '../format/amount';
import type { ListDefinition } from './definition';

type Columns<Row> = ListDefinition<never, Row>['csv'];

interface AtLike {
  transactionHash: string;
  logIndex: number;
  timestamp: string;
  block: { number: number };
}

/** Where on chain a row comes from, for whoever checks a file. */
export const placeColumns = <Row>(at: (row: Row) => AtLike): Columns<Row> => [
  ['time', (row) => at(row).timestamp],
  ['block', (row) => at(row).block.number],
  ['transaction', (row) => at(row).transactionHash],
  ['log index', (row) => at(row).logIndex],
];

/** Integers of the smallest unit, and of which token: sums of several tokens stand side by side. */
export const amountsText = (amounts: readonly AmountLike[]): string =>
  amounts.map(({ amount, token }) => (amounts.length > 1 ? `${amount} ${token.id}` : amount)).join('; ');
