/** What one request may ask for, whoever asks. */
export interface Bounds {
  /** Levels of fields, fragments followed. Introspection needs 15. */
  depth: number;
  /** Fields, each fragment counted wherever it is spread: checking a document takes the square of it. */
  fields: number;
  aliases: number;
  directives: number;
  /** Objects that an answer may hold at most, as `costOf` counts them. */
  cost: number;
  /** Levels of lists and objects in the variables. Ours need 4. */
  variablesDepth: number;
}

export const defaultBounds: Bounds = {
  depth: 20,
  fields: 1_500,
  aliases: 200,
  directives: 50,
  cost: 10_000,
  variablesDepth: 16,
};
