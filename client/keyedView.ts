/** What a view needs of a change: select these fields in the subscription, and a row beside them. */
export interface ViewChange {
  cursor: string;
  op: 'APPLY' | 'RETRACT' | 'PROGRESS';
  id?: string | null;
  at?: { eventId?: string; block?: { hash?: string; finality?: string } } | null;
}

interface Version<Row> {
  /** Which event of which block brought it. */
  by: string;
  row: Row;
}

/**
 * The rows that a stream has told of, by id: what the chain holds as of the last change. A reorg's retractions bring back
 * what an id had before. Select `at { eventId block { hash } }`; with `block { finality }` what can't be taken back any more is
 * forgotten.
 */
export class KeyedView<Row> implements Iterable<[string, Row]> {
  private readonly versions = new Map<string, Version<Row>[]>();

  get size(): number {
    return this.versions.size;
  }

  get(id: string): Row | undefined {
    return this.versions.get(id)?.at(-1)?.row;
  }

  *[Symbol.iterator](): Iterator<[string, Row]> {
    for (const [id, versions] of this.versions) yield [id, (versions.at(-1) as Version<Row>).row];
  }

  /** @param row null on RETRACT, and of an APPLY whose RETRACT follows */
  change(change: ViewChange, row: Row | null): void {
    const { op, id, at } = change;
    if (op === 'PROGRESS' || !id) return;
    const by = `${at?.eventId} ${at?.block?.hash}`;
    const versions = this.versions.get(id) ?? [];
    if (op === 'RETRACT') {
      const left = versions.filter((version) => version.by !== by);
      if (left.length === 0) this.versions.delete(id);
      else this.versions.set(id, left);
      return;
    }
    if (row === null) return;
    if (at?.block?.finality === 'FINALIZED') versions.length = 0;
    versions.push({ by, row });
    this.versions.set(id, versions);
  }
}
