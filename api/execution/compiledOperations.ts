import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  isAbstractType,
  Kind,
  locatedError,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from '../context';
import type { Bounds } from '../limits/bounds';
import { checkOperation } from '../limits/checkOperation';
import { SIZE_ARGUMENTS } from '../limits/cost';
import { readDocument } from '../limits/readDocument';
import { checkObjects, compilesTruly, objectsGiven } from './compilesTruly';

type Variables = Readonly<Record<string, unknown>>;

/** A query that is asked again and again, as a function. */
export interface CompiledOperation {
  operation: OperationDefinitionNode;
  /** As checkOperation. @throws BAD_USER_INPUT, QUERY_TOO_COMPLEX */
  check(variables: Variables): number;
  /** Without data in it: the variables were wrong, and nothing was executed. */
  execute(context: Context, variables: Variables): ExecutionResult | Promise<ExecutionResult>;
  /** Whether it asks the database one statement alone, as far as the last times say. */
  lone: { isLikely(): boolean; note(wasAlone: boolean): void };
  /** A compiled query's error doesn't say where in the document its field is: the same error, which does. */
  located(error: GraphQLError): GraphQLError;
}

export interface CompiledOperations {
  /** Undefined for what was not asked often enough yet, and for what graphql itself must answer. */
  find(query: string, operationName: string | undefined): CompiledOperation | undefined;
}

/** Compiling takes as long as some executions: what is asked once, as a stranger's thousand variants are, isn't worth it. */
const TIMES_ASKED = 3;
const MOST_KEPT = 500;
const LONGEST_KEPT = 5_000;
const MOST_COSTS = 100;

/** Documents are held by their text; those that were not asked for longest go first. */
export function openCompiledOperations(schema: GraphQLSchema, bounds: Bounds): CompiledOperations {
  const known = new Map<string, { asked: number; compiled?: CompiledOperation }>();
  return {
    find(query, operationName) {
      if (query.length > LONGEST_KEPT) return undefined;
      const key = `${operationName ?? ''}\0${query}`;
      const entry = known.get(key) ?? { asked: 0 };
      known.delete(key);
      known.set(key, entry);
      if (known.size > MOST_KEPT) known.delete(known.keys().next().value as string);
      if (entry.asked < TIMES_ASKED) {
        entry.asked += 1;
        if (entry.asked === TIMES_ASKED) entry.compiled = compile(schema, query, operationName, bounds);
      }
      return entry.compiled;
    },
  };
}

/** Undefined for what is no valid query within bounds; somebody else says why. */
function compile(
  schema: GraphQLSchema,
  query: string,
  operationName: string | undefined,
  bounds: Bounds,
): CompiledOperation | undefined {
  const document = parsed(query, bounds);
  const operation = document && getOperationAST(document, operationName);
  if (!document || operation?.operation !== 'query' || introspects(document)) return undefined;
  if (validate(schema, document).length > 0 || !compilesTruly(schema, document, operation)) return undefined;
  const compiled = compileQuery(schema, document, operationName);
  if (!isCompiledQuery(compiled)) return undefined;
  const counting = variablesThatCount(document);
  const objects = objectsGiven(schema, operation);
  const fields = fieldsAskedIn(schema, document);
  const names = new Set([...fields.values()].flatMap((ofType) => [...ofType]));
  const asks = (field: string) => names.has(field);
  const asksOf = (type: string) => fields.get(type) ?? NONE;
  const costs = new Map<string, number>();
  return {
    operation,
    check(variables) {
      const key = counting.map((name) => JSON.stringify(variables[name])).join();
      const cost = checkOperation(schema, document, operation, variables, bounds, costs.get(key));
      checkObjects(objects, variables);
      if (costs.size < MOST_COSTS) costs.set(key, cost);
      return cost;
    },
    lone: likelihood(),
    located: (error) =>
      locatedError(error.originalError ?? error, nodesAt(document, operation, error.path), error.path),
    execute(context, variables) {
      context.asks = asks;
      context.asksOf = asksOf;
      return compiled.query(undefined, context, variables as Record<string, unknown>);
    },
  };
}

/** As many in a row make one likely; other variables may ask for more, and then the first statement was in vain. */
const IN_A_ROW = 3;
const PATIENCE = 20;

function likelihood(): CompiledOperation['lone'] {
  let inARow = 0;
  return {
    isLikely: () => inARow >= IN_A_ROW,
    note(wasAlone) {
      if (wasAlone) inARow += 1;
      else inARow = inARow >= IN_A_ROW ? -PATIENCE : Math.min(inARow, 0);
    },
  };
}

function parsed(query: string, bounds: Bounds): DocumentNode | undefined {
  try {
    return readDocument(query, bounds);
  } catch {
    return undefined;
  }
}

function introspects(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field({ name }) {
      found ||= name.value === '__schema' || name.value === '__type';
    },
  });
  return found;
}

/** The fields that an error's path ends at, in all places where the document asks for them. */
function nodesAt(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  path: readonly (string | number)[] = [],
): FieldNode[] {
  const keys = path.filter((key) => typeof key === 'string');
  let fields: FieldNode[] = [];
  let sets: SelectionSetNode[] = [operation.selectionSet];
  for (const key of keys) {
    fields = sets.flatMap((set) => fieldsIn(document, set)).filter(({ alias, name }) => (alias ?? name).value === key);
    sets = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
  }
  return fields;
}

function fieldsIn(document: DocumentNode, { selections }: SelectionSetNode): FieldNode[] {
  return selections.flatMap((selection): FieldNode[] => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsIn(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
    );
    return fragment && 'selectionSet' in fragment ? fieldsIn(document, fragment.selectionSet) : [];
  });
}

const NONE: ReadonlySet<string> = new Set();

/**
 * By type: all fields that are asked of it, in whichever fragment, and of the interfaces that it has. By type and field
 * ("Reward.amount"): those that are asked of what the field holds.
 */
function fieldsAskedIn(schema: GraphQLSchema, document: DocumentNode): ReadonlyMap<string, ReadonlySet<string>> {
  const fields = new Map<string, Set<string>>();
  const types = new TypeInfo(schema);
  const add = (of: string, field: string) => fields.set(of, (fields.get(of) ?? new Set<string>()).add(field));
  const note = {
    Field({ name, selectionSet }: FieldNode) {
      const type = types.getParentType();
      if (!type) return;
      const below = selectionSet ? fieldsIn(document, selectionSet) : [];
      for (const each of isAbstractType(type) ? schema.getPossibleTypes(type) : [type]) {
        add(each.name, name.value);
        for (const field of below) add(`${each.name}.${name.value}`, field.name.value);
      }
    },
  };
  visit(document, visitWithTypeInfo(types, note));
  return fields;
}

/** Those in arguments that say how many objects an answer may hold. */
function variablesThatCount(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      if (value.kind === Kind.VARIABLE && SIZE_ARGUMENTS.has(name.value)) names.add(value.name.value);
    },
  });
  return [...names];
}
