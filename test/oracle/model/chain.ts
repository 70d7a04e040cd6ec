import { isEvent, type PlacedBlock, type Value } from '../log';
import { Fact } from './fact';

const MAX = 2n ** 256n - 1n;
export const ZERO_HASH = `0x${'00'.repeat(32)}`;

/** One item of a ContributionBatchSubmitted, or a ContributionSubmitted. */
export interface Submission {
  id: bigint;
  datanetId: bigint;
  contributor: string;
  contentHash: string;
  /** These three are null for an item of a batch. */
  sizeBytes: bigint | null;
  licenseId: string | null;
  uri: string | null;
  bond: bigint;
  fact: Fact;
  item: number;
}

/**
 * One chain's decoded logs in chain order, and what exists because of them. Everything is worked out again from the
 * blocks whenever they change.
 */
export class Chain {
  readonly facts: Fact[] = [];
  readonly undecoded: number;
  private readonly indexes = new Map<string, Map<string, Fact[]>>();
  private readonly memos = new Map<string, unknown>();

  constructor(
    readonly chainId: number,
    blocks: PlacedBlock[],
  ) {
    let undecoded = 0;
    for (const block of blocks)
      for (const log of block.logs)
        if (isEvent(log) && !passesTheLastId(log.event, log.args))
          this.facts.push(new Fact(block, log, log.event, log.args, this.facts.length));
        else undecoded++;
    this.undecoded = undecoded;
  }

  /** All of an event, oldest first. */
  of(event: string): Fact[] {
    return this.where(event, '', '');
  }

  /** All of an event whose argument `name` is `value`, oldest first. */
  where(event: string, name: string, value: Value): Fact[] {
    const key = `${event} ${name}`;
    let index = this.indexes.get(key);
    if (!index) {
      index = new Map();
      for (const fact of this.facts)
        if (fact.event === event) push(index, name === '' ? '' : String(fact.args[name]), fact);
      this.indexes.set(key, index);
    }
    return index.get(String(value)) ?? [];
  }

  /** What is created twice keeps its first creation. */
  private firsts(event: string, name: string): Map<string, Fact> {
    return this.memo(`first ${event}`, () => {
      const firsts = new Map<string, Fact>();
      for (const fact of this.of(event))
        if (!firsts.has(String(fact.args[name]))) firsts.set(String(fact.args[name]), fact);
      return firsts;
    });
  }

  /** Worked out once, as a chain's blocks don't change under it. */
  memo<T>(name: string, work: () => T): T {
    if (!this.memos.has(name)) this.memos.set(name, work());
    return this.memos.get(name) as T;
  }

  // What exists, by its id as text.

  get datanets(): Map<string, Fact> {
    return this.firsts('DatanetCreated', 'datanetId');
  }

  get models(): Map<string, Fact> {
    return this.firsts('ModelRegistered', 'modelId');
  }

  get adapters(): Map<string, Fact> {
    return this.firsts('AdapterRegistered', 'adapterId');
  }

  get inferences(): Map<string, Fact> {
    return this.firsts('InferenceSettled', 'inferenceId');
  }

  get pools(): Map<string, Fact> {
    return this.firsts('PoolCreated', 'poolId');
  }

  get disputes(): Map<string, Fact> {
    return this.firsts('DisputeOpened', 'disputeId');
  }

  /** A run's first record, if its runId isn't zero and its model was registered (whenever that was). */
  get runs(): Map<string, Fact> {
    return this.memo('runs', () => {
      const runs = [...this.firsts('TrainingRunRecorded', 'runId')];
      return new Map(runs.filter(([id, run]) => id !== ZERO_HASH && this.models.has(String(run.big('modelId')))));
    });
  }

  get contributions(): Map<string, Submission> {
    return this.memo('contributions', () => {
      const contributions = new Map<string, Submission>();
      for (const fact of this.facts)
        for (const submission of submissionsOf(fact))
          if (!contributions.has(String(submission.id))) contributions.set(String(submission.id), submission);
      return contributions;
    });
  }

  /** InfluenceRecorded of inferences that were settled; what was never settled is in the feed alone. */
  get influences(): Fact[] {
    return this.memo('influences', () =>
      this.of('InfluenceRecorded').filter((fact) => this.inferences.has(fact.text('inferenceId'))),
    );
  }

  /** `current`: after the inference's latest AttributionRevised. */
  isCurrent(influence: Fact): boolean {
    const revised = this.where('AttributionRevised', 'inferenceId', influence.text('inferenceId')).at(-1);
    return !revised || influence.seq > revised.seq;
  }

  /** Current influences of settled inferences, by one of their ids. */
  currentInfluences(by: 'inferenceId' | 'contributionId' | 'datanetId', value: Value): Fact[] {
    const index = this.memo(`current by ${by}`, () => {
      const found = new Map<string, Fact[]>();
      for (const fact of this.influences) if (this.isCurrent(fact)) push(found, String(fact.args[by]), fact);
      return found;
    });
    return index.get(String(value)) ?? [];
  }

  /** The same, those only that count as having influenced. */
  weighty(by: 'inferenceId' | 'contributionId' | 'datanetId', value: Value): Fact[] {
    return this.currentInfluences(by, value).filter((fact) => fact.big('weightPpm') > 0n);
  }

  /** The inference that a `ref` names: none for zero, null for an opaque reference. */
  inferenceOfRef(ref: string): Fact | null {
    return ref === ZERO_HASH ? null : (this.inferences.get(ref) ?? null);
  }

  /** The contribution that a reward names: 0 means none. */
  contributionOfReward(id: bigint): Submission | null {
    return id === 0n ? null : (this.contributions.get(String(id)) ?? null);
  }

  /** Versions by number, each by its first publication, oldest first; of what exists only. */
  versions(event: 'DatanetVersionPublished' | 'ModelVersionPublished', id: bigint): Fact[] {
    const [key, owners] =
      event === 'DatanetVersionPublished'
        ? (['datanetId', this.datanets] as const)
        : (['modelId', this.models] as const);
    if (!owners.has(String(id))) return [];
    const seen = new Set<bigint>();
    return this.where(event, key, id).filter((fact) => {
      const repeated = seen.has(fact.big('version'));
      seen.add(fact.big('version'));
      return !repeated;
    });
  }
}

export function push<T>(index: Map<string, T[]>, key: string, item: T): void {
  const items = index.get(key);
  if (items) items.push(item);
  else index.set(key, [item]);
}

/** A batch whose ids pass 2^256 - 1 is undecoded. */
function passesTheLastId(event: string, args: { [name: string]: Value }): boolean {
  if (event !== 'ContributionBatchSubmitted') return false;
  const count = BigInt((args['contentHashes'] as Value[]).length);
  return count > 0n && (args['firstContributionId'] as bigint) + count - 1n > MAX;
}

function submissionsOf(fact: Fact): Submission[] {
  if (fact.event === 'ContributionSubmitted')
    return [
      {
        id: fact.big('contributionId'),
        datanetId: fact.big('datanetId'),
        contributor: fact.text('contributor'),
        contentHash: fact.text('contentHash'),
        sizeBytes: fact.big('sizeBytes'),
        licenseId: fact.text('licenseId'),
        uri: fact.text('uri'),
        bond: fact.big('bond'),
        fact,
        item: 0,
      },
    ];
  if (fact.event !== 'ContributionBatchSubmitted') return [];
  return fact.list('contentHashes').map((contentHash, item) => ({
    id: fact.big('firstContributionId') + BigInt(item),
    datanetId: fact.big('datanetId'),
    contributor: fact.text('contributor'),
    contentHash: contentHash as string,
    sizeBytes: null,
    licenseId: null,
    uri: null,
    bond: fact.big('bondEach'),
    fact,
    item,
  }));
}
