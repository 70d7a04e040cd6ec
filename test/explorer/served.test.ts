import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type ApiHarness, openApi } from '../api/harness';

let harness: ApiHarness;
const folder = path.join(__dirname, '../../dist/explorer');

beforeAll(async () => {
  harness = await openApi();
});
afterAll(() => harness.close());

const get = (place: string, headers: Record<string, string> = {}) => fetch(harness.api.url + place, { headers });

test.each([
  '/',
  '/paths',
  '/datanets',
  '/rewards?role=STAKER',
  '/datanet:1612:7',
  '/account:0xabc',
  '/inference%3A1612%3A0x1',
])('%s is a page, under a policy that lets nothing in', async (place) => {
  const answer = await get(place);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('<div id="root">');
  const policy = answer.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

test('what is no page is 404: to a browser as the page that says so, to a program as JSON', async () => {
  const [browser, program] = await Promise.all([get('/no/where', { accept: 'text/html' }), get('/no/where')]);
  expect([browser.status, program.status]).toEqual([404, 404]);
  expect(await browser.text()).toContain('<div id="root">');
  expect(await program.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
});

test('assets are kept for ever by their names, the page is asked for again', async () => {
  const [asset] = readdirSync(path.join(folder, 'assets'));
  expect((await get(`/assets/${asset}`)).headers.get('cache-control')).toContain('immutable');
  const page = await get('/');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect((await get('/', { 'if-none-match': String(page.headers.get('etag')) })).status).toBe(304);
});

test('the first load is below 130 KB of compressed script, and nothing is asked of other hosts', () => {
  const page = readFileSync(path.join(folder, 'index.html'), 'utf8');
  const scripts = [...page.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, name]) => String(name));
  expect(scripts.length).toBeGreaterThan(1);
  const bytes = scripts.map((name) => gzipSync(readFileSync(path.join(folder, name))).length);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(130_000);
  expect(page).not.toMatch(/(?:src|href)="https?:/);
});
