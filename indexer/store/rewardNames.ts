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

/**
 * What contributions, inferences and pools are of, by their ids (decimal, or 0x hex): the same as the view reward_named
 * (migrations/0004_ingest.sql) finds for rewards that stand in the tables.
 */
export class RewardNames {
  /** The datanets of contributions. */
  readonly contributions = new Map<string, bigint>();
  /** The models of inferences. */
  readonly inferences = new Map<string, bigint>();
  readonly pools = new Map<string, { kind: number; subject: bigint }>();

  /** Creations must come in chain order: the first of an id counts. */
  note(fact: EventFact): void {
    const text = (column: number) => String(fact.value(column));
    if (fact.table === 'contribution') {
      const id = text(CONTRIBUTION.id);
      if (!this.contributions.has(id)) this.contributions.set(id, fact.value(CONTRIBUTION.datanet) as bigint);
    } else if (fact.table === 'inference') {
      const id = text(INFERENCE.id);
      if (!this.inferences.has(id)) this.inferences.set(id, fact.value(INFERENCE.model) as bigint);
    } else if (fact.table === 'pool') {
      const [id, kind] = [text(POOL.id), Number(fact.value(POOL.kind))];
      if (!this.pools.has(id)) this.pools.set(id, { kind, subject: fact.value(POOL.subject) as bigint });
    }
  }

  /** The datanets and models that a reward is of, each once. */
  subjectsOf({ contribution, inference, pool }: Naming): [kind: number, subject: bigint][] {
    const datanet = contribution === undefined ? undefined : this.contributions.get(contribution);
    const model = inference === undefined ? undefined : this.inferences.get(inference);
    const subjects: [number, bigint][] = [];
    if (datanet !== undefined) subjects.push([DATANET, datanet]);
    if (model !== undefined) subjects.push([MODEL, model]);
    const pooled = this.pools.get(pool);
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
      contribution: contribution !== undefined && this.contributions.has(contribution) ? undefined : contribution,
      inference: inference !== undefined && this.inferences.has(inference) ? undefined : inference,
      pool: this.pools.has(pool) ? undefined : pool,
    };
    return (missing.contribution ?? missing.inference ?? missing.pool) ? missing : undefined;
  }
}
