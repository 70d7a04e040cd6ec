/** How many things of one kind each address holds. */
export interface SocketLimit {
  /** Whether the address may hold one more; then it counts until `release`. */
  take(address: string): boolean;
  release(address: string): void;
}

export function openSocketLimit(limit: number): SocketLimit {
  const held = new Map<string, number>();
  return {
    take(address) {
      const count = held.get(address) ?? 0;
      if (count >= limit) return false;
      held.set(address, count + 1);
      return true;
    },
    release(address) {
      const count = (held.get(address) ?? 0) - 1;
      if (count > 0) held.set(address, count);
      else held.delete(address);
    },
  };
}
