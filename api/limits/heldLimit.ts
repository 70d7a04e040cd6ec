/** How many things of one kind each address holds. */
export interface HeldLimit {
  /** Counts one more of the address, until the returned function is called; null where it has too many. */
  take(address: string): (() => void) | null;
}

export function openHeldLimit(limit: number): HeldLimit {
  const held = new Map<string, number>();
  return {
    take(address) {
      const count = held.get(address) ?? 0;
      if (count >= limit) return null;
      held.set(address, count + 1);
      let released = false;
      return () => {
        if (released) return;
        released = true;
        const left = (held.get(address) ?? 0) - 1;
        if (left > 0) held.set(address, left);
        else held.delete(address);
      };
    },
  };
}
