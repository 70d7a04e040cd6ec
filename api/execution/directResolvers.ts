import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { Context } from '../context';

type Resolver = GraphQLFieldResolver<unknown, Context, Record<string, unknown>>;
type Method = (...params: unknown[]) => unknown;
type Param = { kind: string; index: number; propertyName?: string };

/** What type-graphql notes of a method of a resolver class. */
interface Noted {
  target: abstract new () => object;
  methodName: string;
  schemaName: string;
  params?: readonly Param[];
  middlewares?: readonly unknown[];
  kind?: string;
}

/**
 * Gives fields below the root the method that answers them in place of type-graphql's wrapper, which copies the parent
 * into an instance of its class at every call: what a method takes apart is the same in either. Those that have arguments
 * stay as they are.
 *
 * Fields without a method are properties. One that may hold a function (its class says so, or says nothing of what it
 * holds) is read by graphql's own resolver, because compiled queries read the others as they lie there.
 */
export function resolveDirectly(schema: GraphQLSchema): void {
  const storage = getMetadataStorage();
  const instances = new Map<unknown, Record<string, Method>>();
  const instanceOf = (target: Noted['target']) => {
    const instance =
      instances.get(target) ?? (Reflect.construct(target as new () => object, []) as Record<string, Method>);
    instances.set(target, instance);
    return instance;
  };
  const methods = new Map<string, Noted>();
  for (const resolver of storage.fieldResolvers) {
    if (resolver.kind !== 'external') continue;
    const name = typeNameOf(resolver.getObjectType?.());
    if (name) methods.set(`${name}.${resolver.schemaName}`, resolver as unknown as Noted);
  }
  // By the function that was declared: type-graphql's wrapper answers with a promise, which compiled queries don't wait for.
  for (const { name, resolveType } of [...storage.interfaceTypes, ...storage.unions]) {
    const type = schema.getType(name);
    if (isAbstractType(type) && resolveType) type.resolveType = resolveType as typeof type.resolveType;
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const target = storage.objectTypes.find(({ name }) => name === type.name)?.target;
    for (const field of Object.values(type.getFields())) {
      const method = methods.get(`${type.name}.${field.name}`);
      const direct = method && directly(method, instanceOf(method.target));
      if (direct) field.resolve = direct as typeof field.resolve;
      else if (!field.resolve && mayHoldFunction(target, field.name)) field.resolve = defaultFieldResolver;
    }
  }
}

function typeNameOf(target: unknown): string | undefined {
  return getMetadataStorage().objectTypes.find((type) => type.target === target)?.name;
}

/** Undefined where type-graphql has more to do than to hand over what it is given. */
function directly(
  { params = [], middlewares = [], methodName }: Noted,
  instance: Record<string, Method>,
): Resolver | undefined {
  const kinds = [...params].sort((a, b) => a.index - b.index);
  const isPlain = kinds.every(({ kind, propertyName }) => ['context', 'root', 'info'].includes(kind) && !propertyName);
  if (!isPlain || middlewares.length > 0) return undefined;
  const method = (instance[methodName] as Method).bind(instance);
  switch (kinds.map(({ kind }) => kind).join()) {
    case 'root':
      return (root) => method(root);
    case 'context':
      return (_root, _args, context) => method(context);
    case 'context,root':
      return (root, _args, context) => method(context, root);
    default:
      return undefined;
  }
}

const PLAIN: ReadonlySet<unknown> = new Set([String, Number, Boolean, BigInt, Array, Date, Buffer]);

/** By what the compiler noted of the property: a union, such as `string | null`, is noted as Object. */
/** @param target the class of an object type */
function mayHoldFunction(target: unknown, name: string): boolean {
  const prototype = (target as { prototype?: object } | undefined)?.prototype;
  if (!prototype) return true;
  const type: unknown = Reflect.getMetadata('design:type', prototype, name);
  return !PLAIN.has(type) && !(typeof type === 'function' && typeNameOf(type) !== undefined);
}
