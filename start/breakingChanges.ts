import { buildSchema, DangerousChangeType, findBreakingChanges, findDangerousChanges } from 'graphql';

/**
 * What a client that was written against one schema would miss in another, a sentence each: what was removed, can be null
 * now, has to be given now, has another type, or answers something else where it is left away. Additions break nobody.
 * @param before, after SDL
 */
export function breakingChanges(before: string, after: string): string[] {
  const [from, to] = [buildSchema(before), buildSchema(after)];
  const otherDefaults = findDangerousChanges(from, to).filter(
    ({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE,
  );
  return [...findBreakingChanges(from, to), ...otherDefaults].map(({ description }) => description);
}
