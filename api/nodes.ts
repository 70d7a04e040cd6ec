import type { Context } from './context';
import type { NodeObject } from './types/node';

/** The entity with that id; null where there is none. */
export async function loadNode(_context: Context, _id: string): Promise<NodeObject | null> {
  return null;
}
