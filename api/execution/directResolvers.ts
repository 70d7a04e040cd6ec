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
type Param = { kind: string; index: number; propertyName?: string; name?: string; getType?: () => unknown };

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
 * Gives fields the method that answers them in place of type-graphql's wrapper, which copies the parent and each argument
 * into instances of their classes at every call: what a method takes apart is the same in either.
 *
 * Fields without a method are properties. One that may hold a function (its class says so, or says nothing of what it
 * holds) is read by graphql's own resolver. A compiled query reads the others as they lie there, without the closures and
 * the path that a call of a resolver takes.
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
  for (const query of storage.queries) methods.set(`Query.${query.schemaName}`, query as unknown as Noted);
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
  const readers = [...params].sort((a, b) => a.index - b.index).map(readerOf);
  if (middlewares.length > 0 || !readers.every((reader) => reader !== undefined)) return undefined;
  const method = (instance[methodName] as Method).bind(instance);
  const [first, second, ...others] = readers;
  // Most are of these shapes, and some are called for each of a thousand nodes.
  if (first && !second) return (root, args, context) => method(first(root, args, context));
  if (first && second && others.length === 0)
    return (root, args, context) => method(first(root, args, context), second(root, args, context));
  return (root, args, context) => method(...readers.map((read) => read(root, args, context)));
}

type Reader = (root: unknown, args: Record<string, unknown>, context: Context) => unknown;

/** Where a parameter's value is found; undefined where that takes more than to look. */
function readerOf({ kind, propertyName, name, getType }: Param): Reader | undefined {
  if (propertyName) return undefined;
  if (kind === 'root') return (root) => root;
  if (kind === 'context') return (_root, _args, context) => context;
  if (kind === 'arg' && name) return (_root, args) => args[name];
  if (kind !== 'args') return undefined;
  const names = argumentsOf(getType?.());
  return (_root, args) => {
    const own: Record<string, unknown> = {};
    for (const each of names) if (args[each] !== undefined) own[each] = args[each];
    return own;
  };
}

/** @param target a class of arguments, with those of the classes that it extends */
function argumentsOf(target: unknown): string[] {
  const { argumentTypes } = getMetadataStorage();
  const names: string[] = [];
  for (let each = target; typeof each === 'function'; each = Object.getPrototypeOf(each)) {
    for (const type of argumentTypes) {
      if (type.target === each) names.push(...(type.fields ?? []).map(({ name }) => name));
    }
  }
  return names;
}

/**
 * By what the compiler noted of the property, which of a union, such as `string | null`, is Object: so what may be a
 * function is declared as one that may return whatever else it is.
 * @param target the class of an object type
 */
function mayHoldFunction(target: unknown, name: string): boolean {
  const prototype = (target as { prototype?: object } | undefined)?.prototype;
  const type: unknown = prototype && Reflect.getMetadata('design:type', prototype, name);
  return type === undefined || type === Function || type === Promise;
}
