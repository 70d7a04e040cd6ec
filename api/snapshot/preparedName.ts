/**
 * Statements get a name, so that a connection plans each once: 223 to 361 requests/s for 30 rewards of an account. A
 * query's shape is the client's, so only the first shapes of a process are named: connections must not fill with plans.
 */
const MOST_PREPARED = 400;
const preparedNames = new Map<string, string>();

/** Of the past a name of its own: its tables are others, and have columns of other types. */
export function preparedName(text: string, past: boolean): string | undefined {
  const statement = past ? `past ${text}` : text;
  const known = preparedNames.get(statement);
  if (known !== undefined || preparedNames.size >= MOST_PREPARED) return known;
  const name = `snapshot_${preparedNames.size}`;
  preparedNames.set(statement, name);
  return name;
}
