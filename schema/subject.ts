import type { EventArgs, Value } from './eventDecoder';

/** What an event may name. The code is the first byte of posting.subject (see posting.ts). */
export const subjectKinds = {
  account: 1,
  datanet: 2,
  contribution: 3,
  model: 4,
  adapter: 5,
  inference: 6,
  pool: 7,
  dispute: 8,
} as const;
export type SubjectKind = keyof typeof subjectKinds;

/** key: a decimal number for ids, 0x hex for inferences, pools and accounts. */
export interface Subject {
  kind: SubjectKind;
  key: string;
}

const ZEROS: ReadonlySet<Value> = new Set([`0x${'0'.repeat(40)}`, `0x${'0'.repeat(64)}`, 0n]);
export const NUMBERED: ReadonlySet<string> = new Set(['datanet', 'contribution', 'model', 'adapter', 'dispute']);

/** Arguments that name an entity, whatever event they stand in. */
const namedBy: Readonly<Record<string, SubjectKind>> = {
  datanetId: 'datanet',
  contributionId: 'contribution',
  otherId: 'contribution',
  disputeId: 'dispute',
  modelId: 'model',
  parentModelId: 'model',
  adapterId: 'adapter',
  adapterIds: 'adapter',
  inferenceId: 'inference',
  poolId: 'pool',
};
/** Where an id of 0 means none. */
const zeroIsNone: ReadonlySet<string> = new Set(['ModelRegistered.parentModelId', 'RewardAccrued.contributionId']);
/** Where `ref` may be an inference (protocol/README, Reward). */
const refIsInference: ReadonlySet<string> = new Set(['PoolFunded', 'RewardAccrued', 'RewardReversed']);
/** Pool kinds whose subjectId is an id. */
const subjectOfPoolKind: Readonly<Record<number, SubjectKind>> = { 0: 'datanet', 1: 'model' };

type AddSubject = (kind: SubjectKind, key: string) => void;
/** Finds what one argument names. */
type Finder = (value: Value, args: EventArgs, add: AddSubject) => void;

const FEW = 16;
const finders = new WeakMap<SubjectEvent, { name: string; find: Finder }[]>();

/**
 * Everything that the event's arguments name, existing or not: each once, in argument order (of items, in theirs).
 * Every address is an account, in arrays and structs too, but tokens and the zero address.
 * @param event the same object for every log of an event: which arguments can name anything is worked out once
 */
export function subjectsOf(event: SubjectEvent, args: EventArgs): Subject[] {
  let own = finders.get(event);
  if (!own) {
    own = findersOf(event.name, event.params);
    finders.set(event, own);
  }
  const found: Subject[] = [];
  let seen: Set<string> | undefined;
  const add: AddSubject = (kind, key) => {
    // Nearly every event names a handful: a look at each is cheaper than a set.
    if (found.length < FEW) {
      if (found.some((subject) => subject.key === key && subject.kind === kind)) return;
    } else {
      seen ??= new Set(found.map((subject) => `${subject.kind}:${subject.key}`));
      if (seen.has(`${kind}:${key}`)) return;
      seen.add(`${kind}:${key}`);
    }
    found.push({ kind, key });
  };
  for (const { name, find } of own) find(args[name] as Value, args, add);
  return found;
}

/** Whether the argument can name anything, by itself, with others or in its parts. */
export function namesSomething(event: string, input: SubjectInput): boolean {
  return finderOf(event, input.name, input) !== undefined;
}

function findersOf(event: string, inputs: readonly SubjectInput[]): { name: string; find: Finder }[] {
  return inputs.flatMap((input) => {
    const find = finderOf(event, input.name, input);
    return find ? [{ name: input.name, find }] : [];
  });
}

/** What an argument names by itself. */
export interface Naming {
  kind: SubjectKind;
  zeroIsNone: boolean;
}

/** Undefined for an argument that names nothing, or something that other arguments decide. */
export function namingOf(event: string, name: string, type: string): Naming | undefined {
  if (type === 'address') {
    return name === 'token' || name === 'feeToken' ? undefined : { kind: 'account', zeroIsNone: true };
  }
  const kind = namedBy[name];
  if (kind) return { kind, zeroIsNone: zeroIsNone.has(`${event}.${name}`) };
  return name === 'ref' && refIsInference.has(event) ? { kind: 'inference', zeroIsNone: true } : undefined;
}

/** @param name of the argument; items of an array have their array's. Undefined when it can't name anything. */
function finderOf(event: string, name: string, input: SubjectInput): Finder | undefined {
  if (input.arrayChildren) {
    const find = finderOf(event, name, input.arrayChildren);
    if (!find) return undefined;
    return (value, args, add) => {
      for (const item of value as Value[]) find(item, args, add);
    };
  }
  if (input.components) {
    const fields = findersOf(event, input.components);
    if (fields.length === 0) return undefined;
    return (value, args, add) => {
      for (const field of fields) field.find((value as Record<string, Value>)[field.name] as Value, args, add);
    };
  }
  const naming = namingOf(event, name, input.type);
  if (naming) {
    const { kind, zeroIsNone: isNone } = naming;
    return (value, _, add) => {
      if (!(isNone && ZEROS.has(value))) add(kind, String(value));
    };
  }
  if (name === 'subjectId') {
    return (value, args, add) => {
      const poolSubject = subjectOfPoolKind[args['kind'] as number];
      if (poolSubject) add(poolSubject, String(value));
    };
  }
  if (name === 'firstContributionId') {
    return (value, args, add) => {
      const count = (args['contentHashes'] as Value[]).length;
      for (let i = 0; i < count; i++) add('contribution', String((value as bigint) + BigInt(i)));
    };
  }
  return undefined;
}

/** An event by its name and its ABI types: an address can't be told from a bytes20 by its value. */
export interface SubjectEvent {
  name: string;
  params: readonly SubjectInput[];
}

/** The part of ethers' ParamType that subjects need. */
export interface SubjectInput {
  name: string;
  type: string;
  arrayChildren?: SubjectInput | null;
  components?: readonly SubjectInput[] | null;
}

/** The public id of a subject. Accounts are the same on every chain. */
export function subjectId(chainId: number, { kind, key }: Subject): string {
  return kind === 'account' ? `account:${key}` : `${kind}:${chainId}:${key}`;
}

/** posting.subject: the kind's byte, then an id's bytes, big-endian without leading zeros, or the hash. */
export function subjectKey({ kind, key }: Subject): Buffer {
  return Buffer.from(subjectKeyHex({ kind, key }).slice(2), 'hex');
}

/** The same as 0x hex, for COPY. */
export function subjectKeyHex({ kind, key }: Subject): string {
  return `0x0${subjectKinds[kind]}${NUMBERED.has(kind) ? idBytes(key) : key.slice(2)}`;
}

function idBytes(id: string): string {
  if (id === '0') return '';
  const hex = (id.length < 16 ? Number(id) : BigInt(id)).toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}
