import { messageOf, withoutCredentials } from '../../schema/appError';

test.each([
  ['https://user:secret@rpc.example/v3/secret?key=secret', 'https://rpc.example/…'],
  ['wss://rpc.example:8546', 'wss://rpc.example:8546'],
  ['redis://:secret@127.0.0.1:6379', 'redis://127.0.0.1:6379'],
  ['secret', '(not a URL)'],
])('%s is shown as %s', (url, shown) => expect(withoutCredentials(url)).toBe(shown));

test('several refused addresses are named each', () => {
  const error = new AggregateError([
    new Error('connect ECONNREFUSED ::1:5432'),
    new Error('connect ECONNREFUSED 127.0.0.1:5432'),
  ]);
  expect(messageOf(error)).toBe('connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432');
  expect(messageOf('text')).toBe('text');
});
