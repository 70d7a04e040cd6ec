import type { Header } from '../store/blockRange';

/** Where the node's chain leaves ours. */
export interface Fork {
  /** The newest stored block that the node's chain holds too; undefined when it holds none of them. */
  ancestor: Header | undefined;
  /** The oldest stored block that it has another one for; undefined when it has none. */
  lowest: Header | undefined;
}

/**
 * Walks down our headers until the node has the same one. What it has no header for says nothing: it may lag.
 * @param storedBelow our next headers below a block (the newest ones without one), newest first; empty at the end
 * @param headersAt the node's headers, undefined where it has none
 */
export async function findFork(
  storedBelow: (number?: number) => Promise<readonly Header[]>,
  headersAt: (numbers: number[]) => Promise<(Header | undefined)[]>,
): Promise<Fork> {
  let lowest: Header | undefined;
  for (let stored = await storedBelow(); stored.length > 0; stored = await storedBelow(stored.at(-1)?.number)) {
    const theirs = await headersAt(stored.map(({ number }) => number));
    for (const [i, header] of stored.entries()) {
      if (theirs[i]?.hash === header.hash) return { ancestor: header, lowest };
      if (theirs[i]) lowest = header;
    }
  }
  return { ancestor: undefined, lowest };
}
