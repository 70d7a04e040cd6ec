import { codeOf, contributionStatuses, fundingSources, nameOf, roles } from '../../schema/codes';
import { contractKey as contractPosting } from '../../schema/posting';
import { toBytes, toHex } from '../bytes';
import { badUserInput } from '../errors';
import { eventName } from '../eventContent';
import { parseId } from '../ids';
import { eachOf, oneOf } from '../queries/lists/filter';
import { wantedToken } from '../queries/money';
import { tokenId } from '../tokens';
import type { ContributionFilter } from '../types/contribution';
import type { EventFilter } from '../types/event';
import type { AddressFilter } from '../types/filters';
import type { InferenceFilter } from '../types/inference';
import type { ClaimFilter, ReversalFilter, RewardFilter } from '../types/reward';
import {
  accountPostings,
  boundsOf,
  canonical,
  contractKey,
  given,
  type LiveFilter,
  type Maybe,
  nameKey,
  subjectPostings,
  Tests,
  within,
} from './filterTests';
import { bytesOf, hexOf } from './judged';
import { keysOf } from './keys';
import type { LiveItem } from './liveItem';

/** Nobody's account (protocol/README.md, "Accounts"): of what names it nothing is posted. */
const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/** Each of their events names it. */
function ofBeneficiary<Kind extends 'rewards' | 'claims' | 'reversals'>(
  tests: Tests<Kind>,
  where: Maybe<AddressFilter>,
): void {
  tests.account(where, ({ beneficiary }) => hexOf(beneficiary));
  const addresses = oneOf(where);
  if (addresses && !addresses.includes(ZERO_ADDRESS)) tests.find({ subjects: accountPostings(addresses) });
}

/** @throws BAD_USER_INPUT, as all of these */
export function eventFilter(where: Maybe<EventFilter>): LiveFilter<'events'> {
  const tests = new Tests<'events'>();
  tests.chain(where?.chainId);
  if (given(where?.subject)) {
    const subject = canonical('where.subject', where.subject);
    tests.lead([subject]);
    tests.find({ subjects: subjectPostings([subject]) });
    tests.add((item) => keysOf('events', item).includes(subject));
  }
  for (const addresses of eachOf(where?.account)) {
    const accounts = addresses.map((address) => `account:${address}`);
    tests.lead(accounts);
    tests.find({ subjects: accountPostings(addresses) });
    tests.add((item) => keysOf('events', item).some((id) => accounts.includes(id)));
  }
  const contracts = oneOf(where?.contract);
  if (contracts) {
    tests.lead(contracts.map(contractKey));
    tests.find({ subjects: contracts.map((contract) => contractPosting(toBytes(contract))) });
    tests.add(({ contract }) => contracts.includes(toHex(contract)));
  }
  const names = oneOf(where?.name);
  if (names) {
    tests.lead(names.map(nameKey));
    tests.find({ names: names.filter((name) => !name.includes('\0')) });
    tests.add(({ fragment }) => names.includes(eventName(fragment)));
  }
  tests.block(where?.block);
  return tests.filter();
}

export function rewardFilter(where: Maybe<RewardFilter>): LiveFilter<'rewards'> {
  const tests = new Tests<'rewards'>();
  const keys = (item: LiveItem<'rewards'>) => keysOf('rewards', item);
  tests.chain(where?.chainId);
  ofBeneficiary(tests, where?.beneficiary);
  tests.id('contribution', where?.contribution, keys, true);
  tests.id('inference', where?.inference, keys, true);
  tests.id('pool', where?.pool, keys, true);
  tests.id('datanet', where?.datanet, keys);
  tests.id('model', where?.model, keys);
  if (given(where?.token)) {
    const { chainId, address } = wantedToken('where.token', where.token);
    const wanted = tokenId(chainId, address);
    tests.add(
      ({ judged: { token }, block }) => tokenId(block.chainId, token === null ? null : bytesOf(token)) === wanted,
    );
  }
  const { role, source, amount } = where ?? {};
  tests.bound({
    ...boundsOf(amount),
    role: role ? (codeOf(roles, role) ?? null) : null,
    source: source ?? null,
  });
  if (role) tests.add(({ judged }) => nameOf(roles, judged.role) === role);
  if (source) {
    const part = [...fundingSources, 'UNKNOWN'].find((name) => name === source)?.toLowerCase();
    tests.add(({ judged }) => judged[part as 'fee' | 'emission' | 'grant' | 'slash' | 'unknown']);
  }
  if (amount) tests.add(({ judged }) => within(BigInt(judged.amount), amount));
  tests.time(where?.accruedAt);
  tests.block(where?.block);
  return tests.filter();
}

export function claimFilter(where: Maybe<ClaimFilter>): LiveFilter<'claims'> {
  const tests = new Tests<'claims'>();
  tests.chain(where?.chainId);
  ofBeneficiary(tests, where?.beneficiary);
  tests.id('pool', where?.pool, (item) => keysOf('claims', item), true);
  tests.time(where?.claimedAt);
  return tests.filter();
}

export function reversalFilter(where: Maybe<ReversalFilter>): LiveFilter<'reversals'> {
  const tests = new Tests<'reversals'>();
  const keys = (item: LiveItem<'reversals'>) => keysOf('reversals', item);
  tests.chain(where?.chainId);
  ofBeneficiary(tests, where?.beneficiary);
  tests.id('inference', where?.inference, keys, true);
  tests.id('pool', where?.pool, keys, true);
  tests.time(where?.reversedAt);
  return tests.filter();
}

export function contributionFilter(where: Maybe<ContributionFilter>): LiveFilter<'contributions'> {
  const tests = new Tests<'contributions'>();
  tests.chain(where?.chainId);
  const { contentHash, status } = where ?? {};
  if (given(contentHash)) tests.add(({ judged }) => hexOf(judged.content_hash) === contentHash);
  tests.account(where?.contributor, ({ contributor }) => hexOf(contributor));
  tests.id('datanet', where?.datanet, (item) => keysOf('contributions', item));
  if (status) {
    tests.add(({ judged }) =>
      judged.statuses.some((code) => (code === null ? 'PENDING' : nameOf(contributionStatuses, code)) === status),
    );
  }
  tests.time(where?.submittedAt, ({ judged }) => judged.time);
  tests.block(where?.block, ({ judged }) => judged.block);
  return tests.filter();
}

export function inferenceFilter(where: Maybe<InferenceFilter>): LiveFilter<'inferences'> {
  const tests = new Tests<'inferences'>();
  tests.chain(where?.chainId);
  tests.account(where?.user, ({ user }) => hexOf(user));
  tests.id('model', where?.model, (item) => keysOf('inferences', item));
  const attributed = where?.attributed;
  if (given(attributed)) tests.add(({ judged }) => judged.attributed.includes(attributed));
  tests.time(where?.settledAt, ({ judged }) => judged.time);
  tests.block(where?.block, ({ judged }) => judged.block);
  return tests.filter();
}

const ROOTS: ReadonlySet<string> = new Set(['datanet', 'contribution', 'model', 'inference', 'account']);

/** All edges, or those of one root. */
export function influenceFilter(root: Maybe<string>): LiveFilter<'influences'> {
  const tests = new Tests<'influences'>();
  if (given(root)) {
    const id = canonical('root', root);
    const type = parseId(root)?.type ?? '';
    if (!ROOTS.has(type)) {
      throw badUserInput('root', 'expected the id of a datanet, contribution, model, inference or account');
    }
    tests.lead([id]);
    // Its revisions and its settlement name it; the others they do not.
    if (type === 'inference') tests.find({ subjects: subjectPostings([id]) });
    tests.add((item) => keysOf('influences', item).includes(id));
  }
  return tests.filter();
}
