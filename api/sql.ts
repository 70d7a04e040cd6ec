/** A piece of SQL with its values. Pieces nest; whatever else stands in the template becomes a parameter. */
export class Sql {
  constructor(
    readonly strings: readonly string[],
    readonly values: readonly unknown[],
  ) {}

  /** The statement as pg takes it, with $1, $2, … */
  compile(): { text: string; values: unknown[] } {
    const values: unknown[] = [];
    return { text: this.write(values), values };
  }

  private write(values: unknown[]): string {
    let text = this.strings[0] ?? '';
    this.values.forEach((value, index) => {
      if (value instanceof Sql) text += value.write(values);
      else text += `$${values.push(value)}`;
      text += this.strings[index + 1];
    });
    return text;
  }
}

/** sql`select … where chain_id = ${chainId} and ${condition}` */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  return new Sql(strings, values);
}

/** The pieces, with `separator` between them; nothing for none. */
export function join(pieces: readonly Sql[], separator: ', ' | ' and ' | ' or ' | ' union all ' | ' + ' | ' '): Sql {
  if (pieces.length === 0) return new Sql([''], []);
  return new Sql(['', ...pieces.slice(1).map(() => separator), ''], pieces);
}

/** All of the conditions; true for none. */
export function all(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : sql`(${join(conditions, ' and ')})`;
}

/** Any of the conditions; false for none. */
export function any(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`false` : sql`(${join(conditions, ' or ')})`;
}

/** Stands in a statement for a value that is another one each time. */
export class Slot {
  constructor(readonly name: string) {}
}

/** A statement that is written once, since the writing of a long one takes the time of a short answer. */
export class Template {
  readonly text: string;
  private readonly values: readonly unknown[];

  constructor(statement: Sql) {
    const { text, values } = statement.compile();
    this.text = text;
    this.values = values;
  }

  /** @param given by the names of its slots */
  valuesWith(given: Readonly<Record<string, unknown>>): unknown[] {
    return this.values.map((value) => (value instanceof Slot ? given[value.name] : value));
  }
}
