import { badUserInput } from '../errors';
import type { Bounds } from './bounds';

/** @throws BAD_USER_INPUT for variables nested too deep, and for names that are no data but a prototype. */
export function checkVariables(variables: unknown, { variablesDepth }: Bounds): void {
  const waiting: { value: unknown; depth: number }[] = [{ value: variables, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > variablesDepth) throw badUserInput('variables', `nested deeper than ${variablesDepth} levels`);
    if (Object.hasOwn(value, '__proto__')) throw badUserInput('variables', 'must not have a key __proto__');
    for (const inner of Object.values(value)) waiting.push({ value: inner, depth: depth + 1 });
  }
}
