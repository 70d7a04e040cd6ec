import { widthsOf } from '../../explorer/charts/graphParts';
import { layoutSankey } from '../../explorer/charts/layoutSankey';
import { spaced, ticks, ticksAround } from '../../explorer/charts/scale';
import { exactTokens, shortTokens } from '../../explorer/format/amount';
import { csvLine } from '../../explorer/format/csv';
import { partsOf, safeLink, shorten, titleOf } from '../../explorer/format/names';
import { formatBytes, formatPpm, formatShare } from '../../explorer/format/number';
import { dayOf, duration, relativeTime } from '../../explorer/format/time';
import fc from '../run/fastCheck';

test.each([
  ['0', 18, '0', '0'],
  ['1', 18, '0.000000000000000001', '<0.000001'],
  ['1000000000000000000', 18, '1', '1'],
  ['1508938660494720000', 18, '1.50893866049472', '1.50'],
  ['45094660000000000', 18, '0.04509466', '0.0450'],
  ['999999999999999999', 18, '0.999999999999999999', '0.9999'],
  ['-2500000', 6, '−2.5', '−2.50'],
  ['1234567890000000', 6, '1,234,567,890', '1,234,567,890'],
  ['7', 0, '7', '7'],
])('%s with %s decimals is %s, for the eye %s', (amount, decimals, exact, short) => {
  expect(exactTokens(amount, decimals)).toBe(exact);
  expect(shortTokens(amount, decimals).replace(/0+$/, '')).toBe(short.replace(/0+$/, ''));
});

test('an amount for the eye is never more than there is', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 24 }), (amount, decimals) => {
      const short = shortTokens(String(amount), decimals);
      if (short.startsWith('<')) return;
      const [whole = '0', digits = ''] = short.replaceAll(',', '').split('.');
      const rest = digits.replace(/0+$/, '');
      expect(rest.length).toBeLessThanOrEqual(decimals);
      expect(BigInt(whole + rest.padEnd(decimals, '0'))).toBeLessThanOrEqual(amount);
    }),
  );
});

test('an amount of a token whose decimals nobody knows stays the integer', () => {
  expect(exactTokens('1234567', null)).toBeNull();
  expect(shortTokens('1234567', null)).toBe('1,234,567');
});

test('cells that a spreadsheet would run are text, numbers stay numbers', () => {
  expect(csvLine(['=1+1', '+x', '-x', '@x', '\tx', 'a,b', 'a"b', -5, '-0.5', null, 'plain'])).toBe(
    `'=1+1,'+x,'-x,'@x,'\tx,"a,b","a""b",-5,-0.5,,plain\r\n`,
  );
});

test('ids, names and links', () => {
  expect(partsOf('inference:1612:0xab')).toEqual({ kind: 'inference', chainId: '1612', key: '0xab' });
  expect(partsOf('account:0xab')).toEqual({ kind: 'account', chainId: null, key: '0xab' });
  expect(titleOf('datanet:1612:7', null)).toBe('Datanet 7');
  expect(shorten(`0x${'a'.repeat(40)}`)).toBe('0xaaaa…aaaa');
  expect(safeLink('https://example.org/x')).toBe('https://example.org/x');
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'ipfs://x', '//x', ''])
    expect(safeLink(bad)).toBeNull();
});

test('shares, bytes and times', () => {
  expect([-0.5, -0.00005, 0, 0.00001, 0.001234, 0.25, 1, null].map(formatShare)).toEqual([
    '−50.0 %',
    '>−0.01 %',
    '0 %',
    '<0.01 %',
    '0.12 %',
    '25.0 %',
    '100 %',
    '–',
  ]);
  expect([formatPpm('265608'), formatPpm(1_000_000)]).toEqual(['26.5608 %', '100 %']);
  expect([formatBytes('999'), formatBytes('98300'), formatBytes(null)]).toEqual(['999 B', '98.3 KB', '–']);
  const now = Date.parse('2026-11-23T12:00:00Z');
  expect(
    ['2026-11-23T11:59:58Z', '2026-11-23T11:57:00Z', '2026-11-23T12:02:00Z'].map((at) => relativeTime(at, now)),
  ).toEqual(['just now', '3 min ago', 'in 2 min']);
  expect(duration(90_000)).toBe('1 d');
  expect(['2026-11-01T00:00:00Z', '2025-11-01T00:00:00Z'].map((at) => dayOf(at, now))).toEqual([
    'Nov 1',
    'Nov 1, 2025',
  ]);
});

test('axes have round values up to the most, labels keep their distance', () => {
  expect(ticks(0.7, 3)).toEqual([0, 0.25, 0.5, 0.75]);
  expect(ticks(1_700, 3)).toEqual([0, 1_000, 2_000]);
  expect(ticksAround([1, 0.4, -0.3], 2)).toEqual([-0.4, -0.2, 0, 0.5, 1]);
  expect(ticksAround([-5, -1], 2)).toEqual([-5, -2.5, 0]);
  expect(ticksAround([0.2, 1.4], 2)).toEqual([0, 1, 2]);
  expect(ticksAround([], 2)).toEqual([0]);
  expect(spaced([0, 5, 50, 100], (x) => x, 40)).toEqual([100, 50, 5]);
});

test('a flow: columns from data to money, an account at both ends, nothing outside the picture', () => {
  const node = (kind: 'ACCOUNT' | 'CONTRIBUTION' | 'INFERENCE' | 'REWARD', id: string) => ({
    id,
    kind,
    label: id,
    depth: 0,
  });
  const edge = (
    kind: 'CONTRIBUTED' | 'INFLUENCED' | 'REWARDED' | 'RECEIVED' | 'PAID_FOR',
    from: string,
    to: string,
    weightPpm: string | null,
    wei?: string,
  ) => ({
    id: `${kind}:${from}>${to}`,
    kind,
    from,
    to,
    weightPpm,
    amount: wei ? { amount: wei, token: { id: 'token:1:native', symbol: 'OPEN', decimals: 18 } } : null,
  });
  const graph = {
    omittedEdges: 0,
    omittedWeightPpm: '0',
    asOf: { number: 1, hash: '0x' },
    root: node('INFERENCE', 'i'),
    nodes: [
      node('INFERENCE', 'i'),
      node('CONTRIBUTION', 'c'),
      node('ACCOUNT', 'a'),
      node('ACCOUNT', 'u'),
      node('REWARD', 'r'),
    ],
    edges: [
      edge('CONTRIBUTED', 'a', 'c', null),
      edge('INFLUENCED', 'c', 'i', '1000000'),
      edge('PAID_FOR', 'i', 'u', null, '1000'),
      edge('REWARDED', 'i', 'r', null, '250'),
      edge('RECEIVED', 'r', 'a', null, '250'),
    ],
  };
  const widths = widthsOf(graph.edges);
  expect(widths.get('REWARDED:i>r')).toBe(0.25);
  expect(widths.get('RECEIVED:r>a')).toBe(0.25);
  const { boxes, bands, height, columns } = layoutSankey(graph, widths, 900);
  expect(columns).toEqual(['GAVE', 'CONTRIBUTION', 'INFERENCE', 'REWARD', 'GOT']);
  expect(boxes.filter((box) => box.node.id === 'a')).toHaveLength(2);
  for (const { from, to } of bands) expect(from.x).toBeLessThan(to.x);
  for (const box of boxes) expect(box.y + box.height).toBeLessThanOrEqual(height);
});
