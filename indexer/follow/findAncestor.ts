import type { Header } from '../store/blockRange';

/** Headers asked for in one step of the walk. */
const STEP = 16;

/**
 * The newest stored header that the node's chain holds too.
 * @param stored newest first
 * @param headersAt the node's headers, undefined where it has none
 * @returns undefined when the fork begins before everything stored
 */
export async function findAncestor(
  stored: readonly Header[],
  headersAt: (numbers: number[]) => Promise<(Header | undefined)[]>,
): Promise<Header | undefined> {
  for (let i = 0; i < stored.length; i += STEP) {
    const step = stored.slice(i, i + STEP);
    const theirs = await headersAt(step.map(({ number }) => number));
    const common = step.find(({ hash }, n) => theirs[n]?.hash === hash);
    if (common) return common;
  }
  return undefined;
}
