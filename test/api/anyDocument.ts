import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Random } from '../oracle/history/random';

export interface AnyDocument {
  query: string;
  variables: Record<string, unknown>;
}

/** What scalars may be given: values that there are, and some that there aren't or that are none. */
export type Pools = Record<string, readonly unknown[]>;

/** A block that is to come: the answer would come with it. */
const WAITED_FOR = 'minNumber';
const MOST_LEVELS = 5;
const MOST_FIELDS = 4;
const MOST_ITEMS = 3;

/**
 * A query that the schema allows, of random fields, fragments, aliases, directives and arguments; arguments are literals or
 * variables, and those may be null or left out wherever their type lets them.
 */
export function anyDocument(schema: GraphQLSchema, random: Random, pools: Pools): AnyDocument {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const fragments: string[] = [];
  let names = 0;

  const value = (type: GraphQLInputType): unknown => {
    if (isNonNullType(type)) return value(type.ofType);
    if (isListType(type)) return Array.from({ length: random.below(MOST_ITEMS) }, () => value(type.ofType));
    if (isEnumType(type)) return random.pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(({ name }) => name !== WAITED_FOR);
      const taken = fields.filter((field) => isNonNullType(field.type) || random.chance(2 / fields.length));
      return Object.fromEntries(taken.map((field) => [field.name, orNull(field.type)]));
    }
    const pool = pools[type.name];
    if (!pool) throw new Error(`no values of ${type.name}`);
    return random.pick(pool);
  };
  const orNull = (type: GraphQLInputType) => (!isNonNullType(type) && random.chance(0.1) ? null : value(type));

  const literal = (given: unknown, type: GraphQLInputType, isConstant = false): string => {
    if (given === null) return 'null';
    if (isNonNullType(type)) return literal(given, type.ofType, isConstant);
    if (isListType(type))
      return `[${(given as unknown[]).map((item) => literal(item, type.ofType, isConstant)).join(', ')}]`;
    if (isEnumType(type)) return String(given);
    if (isInputObjectType(type)) {
      const fields = type.getFields();
      const entries = Object.entries(given as object).map(([name, inner]) => {
        const { type: inside, defaultValue } = fields[name] as GraphQLInputField;
        if (!isConstant && random.chance(0.2)) return `${name}: ${variable(inside, defaultValue !== undefined)}`;
        return `${name}: ${literal(inner, inside, isConstant)}`;
      });
      return `{ ${entries.join(', ')} }`;
    }
    return JSON.stringify(given);
  };

  const variable = (type: GraphQLInputType, hasDefault: boolean): string => {
    const name = `v${names++}`;
    const nullable = isNonNullType(type) && hasDefault && random.chance(0.5) ? type.ofType : type;
    const own = random.chance(0.3) ? ` = ${literal(orNull(nullable), nullable, true)}` : '';
    declared.push(`$${name}: ${nullable}${own}`);
    if (isNonNullType(nullable) ? own === '' || random.chance(0.5) : random.chance(0.8))
      variables[name] = orNull(nullable);
    return `$${name}`;
  };

  const argument = ({ name, type, defaultValue }: GraphQLArgument): string => {
    const hasDefault = defaultValue !== undefined;
    if (random.chance(0.4)) return `${name}: ${variable(type, hasDefault)}`;
    return `${name}: ${literal(orNull(type), type)}`;
  };
  const argumentsOf = (args: readonly GraphQLArgument[]): string => {
    const required = (arg: GraphQLArgument) => isNonNullType(arg.type) && arg.defaultValue === undefined;
    const sizes = args.filter(({ name }) => name === 'first');
    const taken = args.filter(
      (arg) => required(arg) || random.chance(0.2) || (sizes.includes(arg) && random.chance(0.8)),
    );
    // Both ends at once are an error that would hide all others.
    const kept = taken.filter(({ name }) => name !== 'last' || !taken.some((other) => other.name === 'first'));
    return kept.length === 0 ? '' : `(${kept.map(argument).join(', ')})`;
  };

  const condition = (): string => {
    if (random.chance(0.85)) return '';
    const given = random.chance(0.5) ? String(random.chance(0.5)) : variable(booleans(schema), false);
    return ` @${random.pick(['skip', 'include'])}(if: ${given})`;
  };

  const field = (parent: GraphQLObjectType, levels: number): string => {
    const all = Object.values(parent.getFields()).filter(
      ({ type }) => levels > 1 || !isCompositeType(getNamedType(type)),
    );
    if (all.length === 0) return '__typename';
    const found = random.pick(all);
    // Answers of one name are merged, which needs the same arguments.
    const head = `f${names++}: ${found.name}${argumentsOf(found.args)}`;
    const written = () => `${head}${condition()} ${below(found.type, levels - 1)}`;
    return random.chance(0.2) ? `${written()} ${written()}` : written();
  };
  const below = (type: GraphQLOutputType, levels: number): string => {
    const named = getNamedType(type);
    return isCompositeType(named) ? `{ ${selection(named, levels)} }` : '';
  };
  const selection = (type: GraphQLNamedType, levels: number): string => {
    if (isAbstractType(type)) {
      const types = random.shuffle(schema.getPossibleTypes(type)).slice(0, MOST_ITEMS);
      return `__typename ${types.map((one) => `... on ${one.name} { ${selection(one, levels)} }`).join(' ')}`;
    }
    const parent = type as GraphQLObjectType;
    const fields = Array.from({ length: random.between(1, MOST_FIELDS) }, () => field(parent, levels)).join(' ');
    if (random.chance(0.85)) return fields;
    const name = `F${names++}`;
    if (random.chance(0.5)) return `...${condition()} { ${fields} }`;
    fragments.push(`fragment ${name} on ${parent.name} { ${fields} }`);
    return `...${name}${condition()}`;
  };

  const body = selection(schema.getQueryType() as GraphQLObjectType, MOST_LEVELS);
  const head = declared.length > 0 ? `query (${declared.join(', ')})` : 'query';
  return { query: `${head} { ${body} }\n${fragments.join('\n')}`, variables };
}

/** Boolean! */
function booleans(schema: GraphQLSchema): GraphQLInputType {
  return schema.getDirective('skip')?.args[0]?.type as GraphQLInputType;
}
