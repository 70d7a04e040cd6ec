import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  typeFromAST,
  validate,
  visit,
} from 'graphql';

/** As JSON has them: integers that may be large come as text. */
const SCALARS: Record<string, string> = { Int: 'number', Float: 'number', Boolean: 'boolean' };

export interface ModuleOptions {
  /** What it is made from, for its first line. */
  madeFrom: string;
  /** Where the module finds TypedDocument. */
  queryModule: string;
}

/**
 * A module of typed documents: of each document of one operation its text, and the types of its variables and of its
 * answer. A document of fragments alone lends them to the others, which carry what they spread.
 * @throws Error naming what is wrong with a document
 */
export function clientTypes(
  schema: GraphQLSchema,
  documents: readonly string[],
  { madeFrom, queryModule }: ModuleOptions,
): string {
  const parsed = documents.map((text) => parse(text));
  const lent = parsed.filter((document) => !hasOperation(document)).flatMap(fragmentsOf);
  const inputs = new Map<string, GraphQLNamedType>();
  const operations = parsed
    .filter(hasOperation)
    .map((document) => operationTypes(schema, withFragments(document, lent), inputs));
  // Those of inputs found on the way are appended while this goes on.
  const named: string[] = [];
  for (const type of inputs.values()) named.push(inputType(type, inputs));
  return [
    `// Made from ${madeFrom} and schema/schema.graphql by \`node dist/start/makeClient.js\`.`,
    `import type { TypedDocument } from '${queryModule}';`,
    ...named.sort(),
    ...operations,
    '',
  ].join('\n\n');
}

function hasOperation({ definitions }: DocumentNode): boolean {
  return definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
}

function fragmentsOf({ definitions }: DocumentNode): FragmentDefinitionNode[] {
  return definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
}

/** With those of the lent fragments that it spreads, and that these spread. */
function withFragments(document: DocumentNode, lent: readonly FragmentDefinitionNode[]): DocumentNode {
  const definitions = [...document.definitions];
  const has = new Set(fragmentsOf(document).map(({ name }) => name.value));
  // What is appended is looked through in its turn.
  for (const definition of definitions) {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = lent.find((each) => each.name.value === name.value);
        if (!fragment || has.has(name.value)) return;
        has.add(name.value);
        definitions.push(fragment);
      },
    });
  }
  return { ...document, definitions };
}

function operationTypes(schema: GraphQLSchema, document: DocumentNode, inputs: Map<string, GraphQLNamedType>): string {
  const wrong = validate(schema, document);
  if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join('\n'));
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  const name = operation?.name?.value;
  if (!operation || !name) throw new Error('a document without an operation that has a name');
  const data = new DataTypes(schema, document).of(operation);
  const variables = (operation.variableDefinitions ?? []).map(({ variable, type, defaultValue }) => {
    const input = typeFromAST(schema, type as never) as GraphQLInputType;
    return property(variable.name.value, input, defaultValue !== undefined, inputs);
  });
  return `export type ${name}Variables = {${variables.map((each) => `\n  ${each}`).join('')}\n};

export type ${name}Data = ${data};

export const ${name}: TypedDocument<${name}Data, ${name}Variables> = {
  text: \`${print(document).replace(/[\\`$]/g, '\\$&')}\`,
};`;
}

/** Types of what an operation selects. */
class DataTypes {
  private readonly fragments: Map<string, FragmentDefinitionNode>;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  of({ operation, selectionSet }: OperationDefinitionNode): string {
    return this.selected(this.schema.getRootType(operation) as GraphQLNamedType, [selectionSet], '');
  }

  /** Of an abstract type one for each kind of answer that differs. */
  private selected(type: GraphQLNamedType, sets: readonly SelectionSetNode[], indent: string): string {
    const concrete = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    return [...new Set(concrete.map((each) => this.selectedOf(each, sets, indent)))].join(' | ');
  }

  private selectedOf(type: GraphQLNamedType, sets: readonly SelectionSetNode[], indent: string): string {
    if (!isObjectType(type)) throw new Error(`${type.name} has no fields`);
    const inner = `${indent}  `;
    const lines = [...this.fieldsOf(type, sets)].map(([key, { name, sets: below }]) => {
      if (name === '__typename') return `${key}: '${type.name}';`;
      const field = type.getFields()[name];
      if (!field) throw new Error(`${type.name} has no field ${name}`);
      return `${key}: ${this.output(field.type, below, inner)};`;
    });
    return `{${lines.map((line) => `\n${inner}${line}`).join('')}\n${indent}}`;
  }

  /** By the key of the answer; what is selected more than once is merged. */
  private fieldsOf(
    type: GraphQLNamedType,
    sets: readonly SelectionSetNode[],
    fields = new Map<string, { name: string; sets: SelectionSetNode[] }>(),
  ): Map<string, { name: string; sets: SelectionSetNode[] }> {
    for (const selection of sets.flatMap((set) => set.selections)) {
      if (selection.directives?.length) throw new Error('what depends on a directive has no type');
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const field = fields.get(key) ?? { name: selection.name.value, sets: [] };
        if (selection.selectionSet) field.sets.push(selection.selectionSet);
        fields.set(key, field);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
      const on = fragment?.typeCondition ? this.schema.getType(fragment.typeCondition.name.value) : type;
      const applies = on === type || (isAbstractType(on) && isObjectType(type) && this.schema.isSubType(on, type));
      if (fragment && applies) this.fieldsOf(type, [fragment.selectionSet], fields);
    }
    return fields;
  }

  private output(type: GraphQLOutputType, sets: readonly SelectionSetNode[], indent: string): string {
    if (!isNonNullType(type)) return `${this.present(type, sets, indent)} | null`;
    return this.present(type.ofType, sets, indent);
  }

  private present(type: GraphQLOutputType, sets: readonly SelectionSetNode[], indent: string): string {
    if (isListType(type)) return `readonly (${this.output(type.ofType, sets, indent)})[]`;
    const named = getNamedType(type);
    return isCompositeType(named) ? this.selected(named, sets, indent) : leaf(named);
  }
}

function leaf(type: GraphQLNamedType): string {
  if (isEnumType(type))
    return type
      .getValues()
      .map(({ name }) => `'${name}'`)
      .join(' | ');
  return SCALARS[type.name] ?? 'string';
}

function inputType(type: GraphQLNamedType, inputs: Map<string, GraphQLNamedType>): string {
  if (!isInputObjectType(type)) throw new Error(`${type.name} is no input`);
  const fields = Object.values(type.getFields()).map((field) =>
    property(field.name, field.type, field.defaultValue !== undefined, inputs),
  );
  return `export type ${type.name} = {${fields.map((field) => `\n  ${field}`).join('')}\n};`;
}

function property(
  name: string,
  type: GraphQLInputType,
  hasDefault: boolean,
  inputs: Map<string, GraphQLNamedType>,
): string {
  return `${name}${isNonNullType(type) && !hasDefault ? '' : '?'}: ${input(type, inputs)};`;
}

function input(type: GraphQLInputType, inputs: Map<string, GraphQLNamedType>): string {
  if (!isNonNullType(type)) return `${presentInput(type, inputs)} | null`;
  return presentInput(type.ofType, inputs);
}

function presentInput(type: GraphQLInputType, inputs: Map<string, GraphQLNamedType>): string {
  if (isListType(type)) return `readonly (${input(type.ofType, inputs)})[]`;
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return leaf(named);
  inputs.set(named.name, named);
  return named.name;
}
