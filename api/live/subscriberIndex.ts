/** Who wants what: subscribers by the keys one of which each of their rows has, and those that may want any row. */
export class SubscriberIndex<Member extends { filter: { keys: readonly string[] | null } }> {
  private readonly byKey = new Map<string, Set<Member>>();
  private readonly ofAny = new Set<Member>();
  readonly all = new Set<Member>();

  add(member: Member): void {
    this.all.add(member);
    const { keys } = member.filter;
    if (keys === null) this.ofAny.add(member);
    for (const key of keys ?? []) {
      const members = this.byKey.get(key);
      if (members) members.add(member);
      else this.byKey.set(key, new Set([member]));
    }
  }

  remove(member: Member): void {
    this.all.delete(member);
    this.ofAny.delete(member);
    for (const key of member.filter.keys ?? []) {
      const members = this.byKey.get(key);
      members?.delete(member);
      if (members?.size === 0) this.byKey.delete(key);
    }
  }

  /** Whether anybody leads by a key at all: else nobody needs a row's keys. */
  get hasKeys(): boolean {
    return this.byKey.size > 0;
  }

  /** Everybody who may want a row with these keys, once each. */
  candidates(keys: readonly string[]): Member[] {
    const found = [...this.ofAny];
    let seen: Set<Member> | undefined;
    for (const key of keys) {
      const members = this.byKey.get(key);
      if (!members) continue;
      seen ??= new Set();
      for (const member of members) {
        if (seen.has(member)) continue;
        seen.add(member);
        found.push(member);
      }
    }
    return found;
  }
}
