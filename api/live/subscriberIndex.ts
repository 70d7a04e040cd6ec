/**
 * Who wants what: subscribers by the keys one of which each of their rows has, those that may want any row, and those
 * that want every one.
 */
export class SubscriberIndex<Member extends { filter: { keys: readonly string[] | null; wantsAll: boolean } }> {
  /** Of a key that one alone leads by, himself: most accounts are followed by one. */
  private readonly byKey = new Map<string, Member | Set<Member>>();
  private readonly ofAny = new Set<Member>();
  readonly ofAll = new Set<Member>();
  readonly all = new Set<Member>();

  add(member: Member): void {
    this.all.add(member);
    const { keys, wantsAll } = member.filter;
    if (wantsAll) this.ofAll.add(member);
    else if (keys === null) this.ofAny.add(member);
    for (const key of keys ?? []) {
      const there = this.byKey.get(key);
      if (there === undefined) this.byKey.set(key, member);
      else if (there instanceof Set) there.add(member);
      else this.byKey.set(key, new Set([there, member]));
    }
  }

  remove(member: Member): void {
    this.all.delete(member);
    this.ofAll.delete(member);
    this.ofAny.delete(member);
    for (const key of member.filter.keys ?? []) {
      const there = this.byKey.get(key);
      if (there instanceof Set) there.delete(member);
      if (there === member || (there instanceof Set && there.size === 0)) this.byKey.delete(key);
    }
  }

  /** Whether anybody leads by a key at all: else nobody needs a row's keys. */
  get hasKeys(): boolean {
    return this.byKey.size > 0;
  }

  /** Everybody but those of `ofAll` who may want a row with these keys, once each. */
  candidates(keys: readonly string[]): Member[] {
    const found = [...this.ofAny];
    let seen: Set<Member> | undefined;
    for (const key of keys) {
      const members = this.byKey.get(key);
      if (!members) continue;
      seen ??= new Set();
      for (const member of members instanceof Set ? members : [members]) {
        if (seen.has(member)) continue;
        seen.add(member);
        found.push(member);
      }
    }
    return found;
  }
}
