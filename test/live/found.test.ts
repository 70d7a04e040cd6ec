import { address, openFakeChain, word } from '../api/fakeChain';
import { type ApiHarness, openApi } from '../api/harness';
import { loopOnce } from '../api/loop';
import { follow, hasAll, startCursor } from '../api/stream';
import { randomOf, Traffic } from './traffic';

/**
 * A stream that goes on from long ago reads from the database what its filter can match, one that goes on from just now
 * has everything and leaves out what doesn't: both must be the same stream. So the same is asked of a server that saw
 * it all, and of one that has just begun.
 */
const change = 'cursor op id at { eventId block { hash } }';
const documents = {
  events: `subscription ($after: ChangeCursor, $where: EventFilter) {
    events(after: $after, where: $where) { ${change} }
  }`,
  rewards: `subscription ($after: ChangeCursor, $where: RewardFilter, $finality: Finality! = PENDING) {
    rewards(after: $after, where: $where, finality: $finality) { ${change} }
  }`,
  claims: `subscription ($after: ChangeCursor, $where: ClaimFilter) { claims(after: $after, where: $where) { ${change} } }`,
  reversals: `subscription ($after: ChangeCursor, $where: ReversalFilter) {
    reversals(after: $after, where: $where) { ${change} }
  }`,
  influences: `subscription ($after: ChangeCursor, $where: ID) { influences(after: $after, root: $where) { ${change} } }`,
};
type Kind = keyof typeof documents;

const contribution = 'contribution:31337:1';
const inference = `inference:31337:${word(0x11)}`;
const pool = `pool:31337:${word(0xf1)}`;
const account = address(0xb3);
const cases: [Kind, unknown, object?][] = [
  ['events', { account: { eq: account } }],
  ['events', { name: { in: ['RewardClaimed', 'InfluenceRecorded'] } }],
  ['events', { subject: contribution }],
  ['events', { subject: `account:${account}` }],
  ['events', { subject: inference, block: { gte: 10, lt: 30 } }],
  ['events', { block: { gt: 20 } }],
  ['rewards', { beneficiary: { in: [account, address(0xb4)] } }],
  // Nobody's account, and so nothing is posted of it.
  ['rewards', { beneficiary: { eq: address(0) } }],
  ['rewards', { contribution: { eq: contribution } }],
  ['rewards', { inference: { eq: inference } }],
  ['rewards', { pool: { eq: pool } }],
  ['rewards', { pool: { eq: pool, in: [pool] }, amount: { lt: '50' } }],
  ['rewards', { amount: { gt: '90' } }],
  ['rewards', { amount: { gte: '10', lte: '12' } }],
  ['rewards', { amount: { in: ['7', '20', '80'] } }],
  ['rewards', { amount: { eq: '100' } }],
  ['rewards', { amount: { gte: '1' } }],
  ['rewards', { amount: { gt: '90' } }, { finality: 'FINALIZED' }],
  ['rewards', { amount: { gt: '90' } }, { finality: 'SAFE' }],
  ['rewards', { role: 'CONTRIBUTOR', amount: { lt: '9' } }],
  ['rewards', { source: 'EMISSION' }],
  ['rewards', { block: { in: [10, 11, 20] } }],
  ['rewards', { accruedAt: { gte: '2023-11-14T22:15:00Z', lt: '2023-11-14T22:17:00Z' } }],
  ['rewards', { datanet: { eq: 'datanet:31337:1' }, token: 'token:31337:native' }],
  ['claims', { beneficiary: { in: [account, address(0)] } }],
  ['claims', { pool: { eq: pool } }],
  ['claims', { claimedAt: { gte: '2023-11-14T22:15:00Z' } }],
  ['influences', inference],
  ['influences', contribution],
];

let harness: ApiHarness;
const saw: string[][] = [];
beforeAll(async () => {
  harness = await openApi({ limits: { progressMs: 300 } });
  const chain = await openFakeChain(harness.database.pool);
  await chain.extend(loopOnce);
  const traffic = new Traffic(chain, randomOf(11), loopOnce.length);
  for (let n = 0; n < 80; n++) await traffic.next();
  for (const [kind, where, variables] of cases) saw.push(await told(kind, where, variables));
  await harness.restart();
});
afterAll(() => harness.close());

async function told(kind: Kind, where: unknown, variables: object = {}): Promise<string[]> {
  const stream = follow(harness.socket(), documents[kind], { after: startCursor, where, ...variables });
  await hasAll(stream, harness);
  stream.stop();
  return stream.messages.flatMap(({ op, id, cursor, at }) =>
    op === 'PROGRESS' ? [] : [`${op} ${id} ${JSON.stringify(at)} ${cursor}`],
  );
}

test.each(cases.map((each, n) => [n, ...each] as const))(
  '%i: %s by %j are the same from long ago',
  async (n, ...of) => {
    expect(saw[n]?.length).toBeGreaterThan(0);
    expect(await told(...of)).toEqual(saw[n]);
  },
);

test('what they are told is what is left of everything', async () => {
  const whole = await told('rewards', {});
  for (const [n, [kind]] of cases.entries()) {
    if (kind === 'rewards' && !cases[n]?.[2]) expect(whole).toEqual(expect.arrayContaining(saw[n] ?? []));
  }
  expect(whole.filter((line) => line.startsWith('RETRACT')).length).toBeGreaterThan(5);
});
