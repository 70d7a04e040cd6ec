import type { EventArgs, Value } from './eventDecoder';

/** What an event may name. The code is the first byte of event_subject.subject. */
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

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;
const ZERO_WORD = `0x${'0'.repeat(64)}`;
const NUMBERED: ReadonlySet<string> = new Set(['datanet', 'contribution', 'model', 'adapter', 'dispute']);

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

/**
 * Everything that the event's arguments name, existing or not: each once, in argument order (of items, in theirs).
 * Every address is an account, in arrays and structs too, but tokens and the zero address.
 * @param inputs the ABI types, since an address can't be told from a bytes20 by its value
 */
export function subjectsOf(event: string, args: EventArgs, inputs: readonly SubjectInput[]): Subject[] {
  const found = new Map<string, Subject>();
  const add = (kind: SubjectKind, key: string) =>
    found.set(`${kind}:${key}`, found.get(`${kind}:${key}`) ?? { kind, key });

  const visit = (name: string, value: Value, input: SubjectInput) => {
    if (Array.isArray(value)) {
      const child = input.arrayChildren ?? input;
      for (const item of value) visit(name, item, child);
      return;
    }
    if (typeof value === 'object') {
      for (const field of input.components ?? []) visit(field.name, value[field.name] as Value, field);
      return;
    }
    if (input.type === 'address') {
      if (value !== ZERO_ADDRESS && name !== 'token' && name !== 'feeToken') add('account', value as string);
      return;
    }
    const kind = namedBy[name];
    if (kind && !(zeroIsNone.has(`${event}.${name}`) && value === 0n)) add(kind, String(value));
    if (name === 'ref' && refIsInference.has(event) && value !== ZERO_WORD) add('inference', value as string);
    if (name === 'subjectId') {
      const poolSubject = subjectOfPoolKind[args['kind'] as number];
      if (poolSubject) add(poolSubject, String(value));
    }
    if (name === 'firstContributionId') {
      const count = (args['contentHashes'] as Value[]).length;
      for (let i = 0; i < count; i++) add('contribution', String((value as bigint) + BigInt(i)));
    }
  };
  for (const input of inputs) visit(input.name, args[input.name] as Value, input);
  return [...found.values()];
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

/** event_subject.subject: the kind's byte, then an id's bytes, big-endian without leading zeros, or the hash. */
export function subjectKey({ kind, key }: Subject): Buffer {
  return Buffer.from(subjectKeyHex({ kind, key }), 'hex');
}

/** The same as hex without 0x, for COPY. */
export function subjectKeyHex({ kind, key }: Subject): string {
  return `0${subjectKinds[kind]}${NUMBERED.has(kind) ? idBytes(key) : key.slice(2)}`;
}

function idBytes(id: string): string {
  if (id === '0') return '';
  const hex = BigInt(id).toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}
