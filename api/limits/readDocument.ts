import { type DocumentNode, GraphQLError, Kind, type ParseOptions, parse, type SelectionSetNode } from 'graphql';
import { apiError } from '../errors';
import type { Bounds } from './bounds';

/** An introspection query is 250 tokens, the explorer's largest 1,000. */
export const parseOptions: ParseOptions = { maxTokens: 5_000 };

/**
 * The document, if it is within bounds. Judged before it is validated, because validation takes the square of a
 * document's size.
 * @throws GraphQLError of the parser for what is no GraphQL; QUERY_TOO_COMPLEX; GRAPHQL_VALIDATION_FAILED for a
 * subscription whose root is conditional
 */
export function readDocument(query: string, bounds: Bounds): DocumentNode {
  const document = parsed(query);
  const size = sizeOf(document);
  for (const what of ['depth', 'fields', 'aliases', 'directives'] as const) {
    if (size[what] > bounds[what]) throw tooComplex(what, bounds[what]);
  }
  refuseConditionalStreams(document);
  return document;
}

/** So many fields are validated in about the time of an ordinary request. */
const FIELDS_PER_UNIT = 100;

/**
 * Units of a request limit that validating a document is worth, beside the one of its request: 0 for what people write,
 * 225 for the largest within bounds, which takes 0.3 s of CPU. Whoever invents such documents is not to have hundreds.
 */
export function unitsToValidate(document: DocumentNode): number {
  return Math.floor((sizeOf(document).fields / FIELDS_PER_UNIT) ** 2);
}

function parsed(query: string): DocumentNode {
  if (isNestedDeeper(query, MAX_BRACKETS)) throw apiError('QUERY_TOO_COMPLEX', 'The query is nested too deep.');
  try {
    return parse(query, parseOptions);
  } catch (error) {
    if (!/Document contains more th\w+ \d+ tokens/.test((error as GraphQLError).message)) throw error;
    throw apiError('QUERY_TOO_COMPLEX', `The query has more than ${parseOptions.maxTokens} tokens.`);
  }
}

/** The parser, and what prints a value for an error, call themselves for each bracket: some 2,000 fill the stack. */
const MAX_BRACKETS = 250;

/** By the text alone, brackets in strings included. */
function isNestedDeeper(query: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < query.length; at += 1) {
    const letter = query[at];
    if (letter === '{' || letter === '[' || letter === '(') depth += 1;
    else if (letter === '}' || letter === ']' || letter === ')') depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

function tooComplex(what: keyof Size, bound: number): GraphQLError {
  const text =
    what === 'depth' ? `is deeper than ${bound} levels` : `has more than ${bound} ${what}, with its fragments`;
  return apiError('QUERY_TOO_COMPLEX', `The query ${text}.`);
}

/**
 * GraphQL, section 5.2.4.1: the root of a subscription has no @skip and no @include. This version of graphql doesn't check
 * it, and validating such a document throws, as it looks for variables that are not there yet.
 */
function refuseConditionalStreams(document: DocumentNode): void {
  const fragments = fragmentsOf(document);
  const seen = new Set<string>();
  const refuse = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      const condition = selection.directives?.find(({ name }) => name.value === 'skip' || name.value === 'include');
      if (condition) {
        throw new GraphQLError(`@${condition.name.value} can't be used at the root of a subscription.`, {
          nodes: condition,
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        });
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) refuse(selection.selectionSet);
      if (selection.kind === Kind.FRAGMENT_SPREAD && !seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const set = fragments.get(selection.name.value);
        if (set) refuse(set);
      }
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION && definition.operation === 'subscription') {
      refuse(definition.selectionSet);
    }
  }
}

function fragmentsOf(document: DocumentNode): Map<string, SelectionSetNode> {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet);
  }
  return fragments;
}

interface Size {
  depth: number;
  fields: number;
  aliases: number;
  directives: number;
}

/**
 * The largest of the document's definitions. Each fragment is measured once, so that a document whose fragments double
 * each other's number of fields is measured in a moment. Fragments in a circle are validation's to refuse.
 */
function sizeOf(document: DocumentNode): Size {
  const fragments = fragmentsOf(document);
  const sizes = new Map<string, Size>();
  const sizeOfFragment = (name: string): Size => {
    const known = sizes.get(name);
    if (known) return known;
    const set = fragments.get(name);
    // What it is while it is being measured, for the spreads in it that lead back to it.
    sizes.set(name, nothing());
    if (set) sizes.set(name, measure(set));
    return sizes.get(name) as Size;
  };
  const measure = (set: SelectionSetNode): Size => {
    const size = nothing();
    for (const selection of set.selections) {
      size.directives += selection.directives?.length ?? 0;
      let inner: Size | undefined;
      if (selection.kind === Kind.FIELD) {
        size.fields += 1;
        if (selection.alias) size.aliases += 1;
        inner = selection.selectionSet ? measure(selection.selectionSet) : nothing();
        size.depth = Math.max(size.depth, 1 + inner.depth);
      } else {
        inner =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? sizeOfFragment(selection.name.value)
            : measure(selection.selectionSet);
        size.depth = Math.max(size.depth, inner.depth);
      }
      size.fields += inner.fields;
      size.aliases += inner.aliases;
      size.directives += inner.directives;
    }
    return size;
  };

  const whole = nothing();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const name = definition.kind === Kind.FRAGMENT_DEFINITION ? definition.name.value : undefined;
    const size = name === undefined ? measure(definition.selectionSet) : sizeOfFragment(name);
    const inVariables = definition.variableDefinitions?.flatMap(({ directives }) => directives ?? []) ?? [];
    whole.depth = Math.max(whole.depth, size.depth);
    whole.fields = Math.max(whole.fields, size.fields);
    whole.aliases = Math.max(whole.aliases, size.aliases);
    whole.directives = Math.max(
      whole.directives,
      size.directives + (definition.directives?.length ?? 0) + inVariables.length,
    );
  }
  return whole;
}

function nothing(): Size {
  return { depth: 0, fields: 0, aliases: 0, directives: 0 };
}
