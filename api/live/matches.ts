import { fundingSources, nameOf, roles } from '../../schema/codes';
import { subjectKey } from '../../schema/subject';
import { toHex } from '../bytes';
import { badUserInput } from '../errors';
import { eventName, subjectsOfEvent } from '../eventContent';
import { parseId } from '../ids';
import { eventSubject } from '../queries/events';
import { oneOf } from '../queries/filter';
import { wantedToken } from '../queries/money';
import { tokenId } from '../tokens';
import type { EventFilter } from '../types/event';
import type { BigIntFilter, DateTimeFilter, IDFilter, IntFilter } from '../types/filters';
import type { RewardFilter } from '../types/reward';
import type { JudgedReward, LoggedEvent } from './blockContent';

type Maybe<T> = T | null | undefined;
type Test = (event: LoggedEvent) => boolean;
type RewardTest = (reward: JudgedReward, event: LoggedEvent) => boolean;

/** An EventFilter as a function. @throws BAD_USER_INPUT */
export function eventMatcher(where: Maybe<EventFilter>): Test {
  if (!where) return () => true;
  const tests: Test[] = [];
  const chains = oneOf(where.chainId);
  if (chains) tests.push((event) => chains.includes(event.chain_id));
  const names = oneOf(where.name);
  if (names) tests.push((event) => names.includes(eventName(event.fragment)));
  const contracts = oneOf(where.contract);
  if (contracts) tests.push((event) => contracts.includes(toHex(event.contract)));
  const { block } = where;
  if (block) tests.push((event) => within(Number(event.block_number), block));
  const accounts = oneOf(where.account)?.map((key) => subjectKey({ kind: 'account', key }));
  if (accounts) tests.push((event) => mentions(event, accounts));
  if (given(where.subject)) {
    const subject = eventSubject(where.subject);
    tests.push(
      (event) =>
        subject !== null &&
        (subject.chainId === null || subject.chainId === event.chain_id) &&
        mentions(event, [subject.key]),
    );
  }
  return (event) => tests.every((test) => test(event));
}

function mentions(event: LoggedEvent, keys: readonly Buffer[]): boolean {
  return subjectsOfEvent(event).some((subject) => {
    const key = subjectKey(subject);
    return keys.some((wanted) => wanted.equals(key));
  });
}

/** A RewardFilter as a function of what stood right after the reward's event. @throws BAD_USER_INPUT */
export function rewardMatcher(where: Maybe<RewardFilter>): Test {
  const tests: RewardTest[] = where ? rewardTests(where) : [];
  return (event) => {
    const { reward } = event;
    return reward !== null && tests.every((test) => test(reward, event));
  };
}

function rewardTests(where: RewardFilter): RewardTest[] {
  const tests: RewardTest[] = [];
  const chains = oneOf(where.chainId);
  if (chains) tests.push((_, event) => chains.includes(event.chain_id));
  const beneficiaries = oneOf(where.beneficiary);
  if (beneficiaries) tests.push((reward) => beneficiaries.includes(hexOf(reward.beneficiary)));
  const ids: [Maybe<IDFilter>, string, (reward: JudgedReward) => readonly string[]][] = [
    [where.pool, 'pool', (reward) => [hexOf(reward.pool_id)]],
    [where.contribution, 'contribution', (reward) => (reward.contribution_id === '0' ? [] : [reward.contribution_id])],
    // Zero is none, and any other ref the inference of that id, settled or not: as in lists.
    [where.inference, 'inference', (reward) => (/[1-9a-f]/.test(reward.ref.slice(2)) ? [hexOf(reward.ref)] : [])],
    [where.datanet, 'datanet', (reward) => reward.datanets],
    [where.model, 'model', (reward) => reward.models],
  ];
  for (const [filter, type, keysOf] of ids) {
    // A reward may have several keys (of two datanets), so eq and in are tests of their own.
    for (const wanted of [given(filter?.eq) ? [filter.eq] : null, filter?.in ?? null]) {
      if (wanted === null) continue;
      const known = new Set(wanted.map((id) => canonical(`where.${type}`, id)));
      tests.push((reward, event) => keysOf(reward).some((key) => known.has(`${type}:${event.chain_id}:${key}`)));
    }
  }
  const { token, role, source, amount, accruedAt, block } = where;
  if (given(token)) {
    const { chainId, address } = wantedToken('where.token', token);
    const wanted = tokenId(chainId, address);
    tests.push(
      (reward, event) => tokenId(event.chain_id, reward.token === null ? null : bytesOf(reward.token)) === wanted,
    );
  }
  if (role) tests.push((reward) => nameOf(roles, reward.role) === role);
  if (source) {
    const part = [...fundingSources, 'UNKNOWN'].find((name) => name === source)?.toLowerCase();
    tests.push((reward) => reward[part as 'fee' | 'emission' | 'grant' | 'slash' | 'unknown']);
  }
  if (amount) tests.push((reward) => within(BigInt(reward.amount), amount));
  if (accruedAt) tests.push((_, event) => inTime(event.block_timestamp, accruedAt));
  if (block) tests.push((_, event) => within(Number(event.block_number), block));
  return tests;
}

/** The id as this API writes it. */
function canonical(argument: string, id: string): string {
  if (!parseId(id)) throw badUserInput(argument, 'expected an id like "datanet:1612:7"');
  return id.toLowerCase();
}

function within<T extends number | bigint>(value: T, filter: T extends bigint ? BigIntFilter : IntFilter): boolean {
  const { gt, gte, lt, lte } = filter as { [Key in 'gt' | 'gte' | 'lt' | 'lte']?: Maybe<T> };
  const wanted = oneOf(filter as { eq?: T | null; in?: T[] | null });
  return (
    (wanted === null || wanted.includes(value)) &&
    (!given(gt) || value > gt) &&
    (!given(gte) || value >= gte) &&
    (!given(lt) || value < lt) &&
    (!given(lte) || value <= lte)
  );
}

function inTime(seconds: bigint, { gte, lt }: DateTimeFilter): boolean {
  const ms = Number(seconds) * 1000;
  return (!gte || ms >= gte.getTime()) && (!lt || ms < lt.getTime());
}

function given<T>(value: Maybe<T>): value is T {
  return value !== null && value !== undefined;
}

/** bytea as JSON has it, "\x…". */
function hexOf(bytes: string): string {
  return `0${bytes.slice(1)}`;
}

function bytesOf(bytes: string): Buffer {
  return Buffer.from(bytes.slice(2), 'hex');
}
