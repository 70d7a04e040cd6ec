import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { contextAt, untilIndexed, type WantedBlock } from './asOf';
import type { Context } from './context';
import { parseId } from './ids';
import type { Snapshot } from './snapshot/snapshot';
import type { BlockRef } from './types/blockRef';

type Resolver = GraphQLFieldResolver<unknown, Context, Record<string, unknown>>;

/**
 * Makes `asOf` hold for everything below the root field that has it: resolvers are given the context of that field's
 * block. A request without asOf pays a look at one property for each resolver of ours.
 */
export function answerAsOf(schema: GraphQLSchema): void {
  const query = schema.getQueryType();
  const others = [schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || others.includes(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (!field.resolve || field.resolve === defaultFieldResolver) continue;
      if (type !== query) field.resolve = below(field.resolve as Resolver) as typeof field.resolve;
      else if (field.args.some(({ name }) => name === 'asOf')) {
        const saysChain = field.args.some(({ name }) => name === 'chainId' || name === 'where');
        field.resolve = root(field.resolve as Resolver, saysChain) as typeof field.resolve;
      }
    }
  }
}

/** `saysChain`: it has an argument by which any chain can be named. */
function root(resolve: Resolver, saysChain: boolean): Resolver {
  return (source, args, context, info) => {
    const asOf = args['asOf'] as BlockRef | null | undefined;
    if (!asOf) return resolve(source, args, context, info);
    const chainId = chainOf(args);
    // It is the field's own to refuse.
    if (chainId === 'none') return resolve(source, args, context, info);
    if (typeof asOf.minNumber === 'number') waitFor(context, { chainId, number: asOf.minNumber });
    const past = contextAt(context, asOf, chainId ?? (saysChain ? null : 'of its hash'));
    context.pasts ??= new Map();
    context.pasts.set(String(info.path.key), past);
    return past.then((at) => resolve(source, args, at, info));
  };
}

const wantedBlocks = new WeakMap<Snapshot, WantedBlock[]>();

/** To be called in the turn in which all root fields are: the snapshot begins in a later one, after one wait for all. */
function waitFor({ snapshot, program, signal }: Context, block: WantedBlock): void {
  const wanted = wantedBlocks.get(snapshot) ?? [];
  wanted.push(block);
  if (wanted.length > 1) return;
  wantedBlocks.set(snapshot, wanted);
  snapshot.holdBack(Promise.resolve().then(() => untilIndexed(program, wanted, signal)));
}

function below(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    const past = context.pasts?.get(rootKey(info));
    return past ? past.then((at) => resolve(source, args, at, info)) : resolve(source, args, context, info);
  };
}

function rootKey({ path }: GraphQLResolveInfo): string {
  let step = path;
  while (step.prev) step = step.prev;
  return String(step.key);
}

/** The fields of a `where` that take ids, each of which says a chain. */
const ID_FILTERS = ['contribution', 'datanet', 'inference', 'model', 'parent', 'pool', 'subject'];

interface Choice {
  eq?: unknown;
  in?: readonly unknown[] | null;
}

/** The chain that a root field's arguments name; null where they name none, or several. 'none': not even an id. */
function chainOf(args: Record<string, unknown>): number | null | 'none' {
  if (typeof args['chainId'] === 'number') return args['chainId'];
  for (const name of ['id', 'root', 'from', 'to']) {
    const id = args[name];
    if (typeof id !== 'string') continue;
    const parsed = parseId(id);
    if (!parsed) return 'none';
    if ('chainId' in parsed) return parsed.chainId;
  }
  const where = (args['where'] ?? {}) as Record<string, Choice | null | undefined>;
  const named = [
    chosen(where['chainId']),
    ...ID_FILTERS.map((name) => chosen(where[name]).map((id) => chainOfId(String(id)))),
  ];
  // Filters are AND: one that leaves a single chain is enough.
  const [only] = named.flatMap((chains) => (new Set(chains).size === 1 ? [chains[0]] : []));
  return typeof only === 'number' ? only : null;
}

function chosen(filter: Choice | null | undefined): unknown[] {
  if (filter?.eq !== null && filter?.eq !== undefined) return [filter.eq];
  return [...(filter?.in ?? [])];
}

function chainOfId(id: string): number | undefined {
  const parsed = parseId(id);
  return parsed && 'chainId' in parsed ? parsed.chainId : undefined;
}
