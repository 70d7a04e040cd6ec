import type { EventFact } from './eventFacts';
import { columnIndex, type FactTableName } from './factTables';

/** Tables by whose rows a state of one key is made, where each row says the key. */
export const keyedFacts = {
  contribution_id: ['contribution', 'contribution_decision', 'dispute'],
  inference_id: ['inference', 'fee_split', 'refund', 'attribution', 'attribution_revision', 'influence'],
} as const satisfies Record<string, readonly FactTableName[]>;

type Key = keyof typeof keyedFacts;

const columnOf = new Map<FactTableName, { key: Key; column: number }>(
  (Object.keys(keyedFacts) as Key[]).flatMap((key) =>
    keyedFacts[key].map((table) => [table, { key, column: columnIndex(table, key) }] as const),
  ),
);

/** The keys that a batch's facts are of: asked of the tables, they took as long as what they are wanted for. */
export class TouchedKeys {
  /** Decimal. */
  readonly contribution_id = new Set<string>();
  /** 0x hex. */
  readonly inference_id = new Set<string>();

  note(fact: EventFact): void {
    const of = columnOf.get(fact.table);
    if (of) this[of.key].add(String(fact.value(of.column)));
  }
}
