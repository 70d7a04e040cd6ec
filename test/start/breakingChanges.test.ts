import { breakingChanges } from '../../start/breakingChanges';

const before = `
  type Query { reward(id: ID!, asOf: Int): Reward rewards(first: Int = 20, order: Order): [Reward!]! }
  type Reward { id: ID! amount: String! note: String }
  enum Order { NEWEST OLDEST }
  union Found = Reward`;
const changed = (...[from, to]: [string, string]): string[] =>
  breakingChanges(
    before,
    before.replace(from, () => to),
  );

test.each([
  ['a field that is gone', ' note: String', '', 'Reward.note'],
  ['a type that is gone', 'union Found = Reward', '', 'Found'],
  ['what can be null now', 'amount: String!', 'amount: String', 'Reward.amount'],
  ['another type', 'note: String', 'note: Int', 'Reward.note'],
  ['an argument that is gone', ', asOf: Int', '', 'Query.reward arg asOf'],
  ['an argument that has to be given now', 'asOf: Int', 'asOf: Int!', 'Query.reward arg asOf'],
  ['a new argument that has to be given', 'asOf: Int', 'asOf: Int, chainId: Int!', 'chainId on Query.reward'],
  ['another default', 'first: Int = 20', 'first: Int = 10', 'Query.rewards arg first'],
  ['a value that is gone', 'NEWEST OLDEST', 'NEWEST', 'OLDEST'],
])('breaks clients: %s', (_, from, to, where) => {
  expect(changed(from, to)).toEqual([expect.stringContaining(where)]);
});

test.each([
  ['a new field', 'note: String', 'note: String more: Int'],
  ['a new argument', 'asOf: Int', 'asOf: Int, chainId: Int'],
  ['what is never null any more', 'note: String', 'note: String!'],
  ['a new value', 'NEWEST OLDEST', 'NEWEST OLDEST BEST'],
  ['other words', 'type Reward', '"What an account got." type Reward'],
])('breaks nobody: %s', (_, from, to) => {
  expect(changed(from, to)).toEqual([]);
});
