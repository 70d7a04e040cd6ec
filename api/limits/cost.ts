import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { apiError } from '../errors';
import type { Bounds } from './bounds';

type Variables = Readonly<Record<string, unknown>>;

const UNKNOWN_SIZE = 20;
const MAX_SIZE = 100;
/** Of a list that takes no `first`: these are short by nature, such as an amount per token. */
const PLAIN_SIZE = 2;
/** A count reads an index to its end. */
const TOTAL_COUNT = 5;
/** What an answer to `__schema` is made of. */
const INTROSPECTION = 2_000;
/** Of arguments that say how many there are at most. */
const SIZES = ['first', 'last', 'limit'];
/** Variables in other arguments don't change a cost. */
export const SIZE_ARGUMENTS: ReadonlySet<string> = new Set([...SIZES, 'ids']);
/** Root fields whose answer is computed from many more rows than it shows. */
const COMPUTED: Record<string, number> = {
  attributionGraph: 200,
  attributionPaths: 500,
  explainReward: 20,
  reconcile: 100,
  rewardHistory: 100,
  flywheel: 200,
  flywheelHistory: 1_000,
  leaderboard: 200,
  retention: 200,
  search: 20,
};

/**
 * How many objects an answer to the operation may hold: each field that is an object counts 1 and what is below it, as
 * often as its list may be long; `first` that isn't known counts as 20. The document must be valid.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Variables,
): number {
  const variables = withDefaults(operation, given);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  // A fragment costs the same wherever it is spread under a list of the same length.
  const known = new Map<string, number>();

  const costOfSet = (set: SelectionSetNode, type: GraphQLCompositeType, size: number | null): number => {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) cost += costOfField(selection, type, size);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const inner = selection.typeCondition ? typeFromAST(schema, selection.typeCondition) : type;
        if (isCompositeType(inner)) cost += costOfSet(selection.selectionSet, inner, size);
      } else {
        const key = `${selection.name.value} ${size}`;
        const fragment = fragments.get(selection.name.value);
        const inner = fragment && typeFromAST(schema, fragment.typeCondition);
        if (!known.has(key) && fragment && isCompositeType(inner)) {
          known.set(key, costOfSet(fragment.selectionSet, inner, size));
        }
        cost += known.get(key) ?? 0;
      }
    }
    return cost;
  };

  const costOfField = (node: FieldNode, parent: GraphQLCompositeType, size: number | null): number => {
    const name = node.name.value;
    if (name === '__schema' || name === '__type') return INTROSPECTION;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!field) return 0;
    if (name === 'totalCount') return TOTAL_COUNT;
    const type = getNamedType(field.type);
    const own = parent === schema.getQueryType() ? (COMPUTED[name] ?? 0) : 0;
    if (!isCompositeType(type) || !node.selectionSet) return own;
    const asked = sizeAskedFor(field, node, variables);
    if (!isList(field.type)) return own + 1 + costOfSet(node.selectionSet, type, asked);
    const times = asked ?? size ?? PLAIN_SIZE;
    return own + times * (1 + costOfSet(node.selectionSet, type, null));
  };

  const root = schema.getRootType(operation.operation);
  return root ? costOfSet(operation.selectionSet, root, null) : 0;
}

/** @throws QUERY_TOO_COMPLEX, with the cost and what it may be. */
export function checkCost(cost: number, bounds: Bounds): void {
  if (cost <= bounds.cost) return;
  throw apiError(
    'QUERY_TOO_COMPLEX',
    `The answer could hold ${cost} objects, at most ${bounds.cost} are allowed. Ask for shorter pages or fewer lists in lists.`,
    { cost: Math.min(cost, Number.MAX_SAFE_INTEGER), limit: bounds.cost },
  );
}

/** The variables, with the operation's own values for those that are not given. */
export function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, given: Variables): Variables {
  const defaults = variableDefinitions.map(({ variable, defaultValue }) => [
    variable.name.value,
    defaultValue && valueFromASTUntyped(defaultValue),
  ]);
  return { ...Object.fromEntries(defaults), ...given };
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

/** How many the field's arguments ask for; null where it takes none that say. */
function sizeAskedFor(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Variables): number | null {
  const ids = node.arguments?.find(({ name }) => name.value === 'ids');
  if (ids && isList(field.type)) return idsIn(ids.value, variables);
  const takes = field.args.filter(({ name }) => SIZES.includes(name));
  if (takes.length === 0) return null;
  for (const { name } of takes) {
    const given = node.arguments?.find((argument) => argument.name.value === name);
    const value = given && numberIn(given.value, variables);
    if (value !== undefined) return Math.min(Math.max(value, 0), name === 'limit' ? 1_000 : MAX_SIZE);
  }
  const byDefault = takes.map(({ defaultValue }) => defaultValue).find((value) => typeof value === 'number');
  return byDefault ?? UNKNOWN_SIZE;
}

function numberIn(value: ValueNode, variables: Variables): number | undefined {
  if (value.kind === Kind.INT) return Number(value.value);
  const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return typeof given === 'number' ? given : undefined;
}

function idsIn(value: ValueNode, variables: Variables): number {
  if (value.kind === Kind.LIST) return value.values.length;
  const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return Array.isArray(given) ? Math.min(given.length, MAX_SIZE) : 1;
}
