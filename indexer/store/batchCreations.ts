import type { EventFact } from './eventFacts';
import { columnIndex } from './factTables';

const CONTRIBUTION = {
  id: columnIndex('contribution', 'contribution_id'),
  datanet: columnIndex('contribution', 'datanet_id'),
};
const INFERENCE = { id: columnIndex('inference', 'inference_id'), model: columnIndex('inference', 'model_id') };
const POOL = {
  id: columnIndex('pool', 'pool_id'),
  kind: columnIndex('pool', 'kind'),
  subject: columnIndex('pool', 'subject_id'),
};

/** Codes of reward_subject.kind. */
const DATANET = 2;
const MODEL = 4;
/** By a pool's kind; others are of neither. */
const subjectOfPool: Readonly<Record<number, number>> = { 0: DATANET, 1: MODEL };

/** What a reward names, by ids; undefined for none. */
export interface Naming {
  contribution: string | undefined;
  inference: string | undefined;
  pool: string;
}

export interface PoolOf {
  kind: number;
  subject: bigint;
}

type Of<T> = T extends 'pool' ? PoolOf : bigint;
export const createdTables = ['contribution', 'inference', 'pool'] as const;
type Created = (typeof createdTables)[number];

/**
 * What contributions, inferences and pools are of, by their ids (decimal, or 0x hex): those that a batch creates, and,
 * once the tables were asked, those that its rewards name. Rewards are of the same as the view reward_named
 * (migrations/0004_ingest.sql) finds for those that stand in the tables.
 */
export class BatchCreations {
  /** Tables of which the batch creates an id that is there already, or twice. */
  readonly repeated = new Set<Created>();
  /** The datanets of contributions. */
  readonly contribution = new Map<string, bigint>();
  /** The models of inferences. */
  readonly inference = new Map<string, bigint>();
  readonly pool = new Map<string, PoolOf>();

  /** Creations must come in chain order: the first of an id counts. */
  note(fact: EventFact): void {
    const text = (column: number) => String(fact.value(column));
    const number = (column: number) => fact.value(column) as bigint;
    if (fact.table === 'contribution') {
      this.create(fact.table, text(CONTRIBUTION.id), number(CONTRIBUTION.datanet));
    } else if (fact.table === 'inference') {
      this.create(fact.table, text(INFERENCE.id), number(INFERENCE.model));
    } else if (fact.table === 'pool') {
      const kind = Number(fact.value(POOL.kind));
      this.create(fact.table, text(POOL.id), { kind, subject: number(POOL.subject) });
    }
  }

  /** What the tables hold: it was created before. */
  learn<T extends Created>(table: T, id: string, of: Of<T>): void {
    const known = this.known(table);
    if (known.has(id)) this.repeated.add(table);
    known.set(id, of);
  }

  private create<T extends Created>(table: T, id: string, of: Of<T>): void {
    const known = this.known(table);
    if (known.has(id)) this.repeated.add(table);
    else known.set(id, of);
  }

  private known<T extends Created>(table: T): Map<string, Of<T>> {
    const { contribution, inference, pool } = this;
    return { contribution, inference, pool }[table] as Map<string, Of<T>>;
  }

  /** The datanets and models that a reward is of, each once. */
  subjectsOf({ contribution, inference, pool }: Naming): [kind: number, subject: bigint][] {
    const datanet = contribution === undefined ? undefined : this.contribution.get(contribution);
    const model = inference === undefined ? undefined : this.inference.get(inference);
    const subjects: [number, bigint][] = [];
    if (datanet !== undefined) subjects.push([DATANET, datanet]);
    if (model !== undefined) subjects.push([MODEL, model]);
    const pooled = this.pool.get(pool);
    if (!pooled) return subjects;
    const kind = subjectOfPool[pooled.kind];
    if (kind !== undefined && pooled.subject !== (kind === DATANET ? datanet : model)) {
      subjects.push([kind, pooled.subject]);
    }
    return subjects;
  }

  /** What a reward names and nobody has created; undefined without any. */
  missingOf({ contribution, inference, pool }: Naming): Partial<Naming> | undefined {
    const missing = {
      contribution: contribution !== undefined && this.contribution.has(contribution) ? undefined : contribution,
      inference: inference !== undefined && this.inference.has(inference) ? undefined : inference,
      pool: this.pool.has(pool) ? undefined : pool,
    };
    return (missing.contribution ?? missing.inference ?? missing.pool) ? missing : undefined;
  }
}
