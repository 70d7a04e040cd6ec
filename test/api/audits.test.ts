import { type Audit, serverAudits } from 'graphql-http';
import { type ApiHarness, openApi } from './harness';

let harness: ApiHarness;
let url = '';
beforeAll(async () => {
  harness = await openApi();
  url = `${harness.api.url}/graphql`;
});
afterAll(() => harness.close());

/** As a page that may ask across sites does: with a header that makes the browser ask first. */
const fetchFn: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { ...init?.headers, 'apollo-require-preflight': 'true' } });

const audits: Audit[] = serverAudits({ url: () => url, fetchFn });

test('there are 61 of them', () => {
  expect(audits).toHaveLength(61);
});

test.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_, audit) => {
  const result = await audit.fn();
  expect({ status: result.status, reason: 'reason' in result ? result.reason : '' }).toEqual({
    status: 'ok',
    reason: '',
  });
});
