import { setTimeout as delay } from 'node:timers/promises';
import type { ChangeLog } from '../../api/live/changeLog';
import type { LiveFilter } from '../../api/live/filterTests';
import type { LiveItem, Place } from '../../api/live/liveItem';
import type { PlacedBlock } from '../../api/live/placedBlocks';
import { ReadAhead } from '../../api/live/readAhead';
import { Finality } from '../../api/types/block';
import { randomOf } from './traffic';

const PER_BLOCK = 10n;
const beginning: Place = { position: 0n, stamp: null, item: null };

/** Blocks of ten events each that are read after a while, the later ones often sooner. */
function fakeLog(blocks: number, slowness: (first: bigint) => number) {
  const asked = { after: 0, items: 0, at: 0, most: 0, byWhat: new Set<string>(), strides: new Set<number>() };
  const log = { head: BigInt(blocks) * PER_BLOCK };
  const changes = {
    head: () => log.head,
    async after({ position }: { position: bigint }, _: unknown, events: number) {
      asked.after += 1;
      asked.strides.add(events);
      await delay(slowness(position) % 2);
      if (position >= log.head) return null;
      const found: PlacedBlock[] = [];
      let at = position - (position % PER_BLOCK);
      for (; at < log.head && found.length < events / Number(PER_BLOCK); at += PER_BLOCK) {
        const op = 'APPLY' as const;
        const rest = { chainId: 1, number: at, hash: Buffer.alloc(0), timestamp: at, asOf: at, stamp: 0n };
        found.push({ position: at + 1n, count: Number(PER_BLOCK), op, ...rest });
      }
      return { blocks: found, end: { position: at, stamp: 0n } };
    },
    async items(_: unknown, of: readonly PlacedBlock[], found: { by: string } | null = null) {
      asked.items += 1;
      asked.at += 1;
      asked.most = Math.max(asked.most, asked.at);
      asked.byWhat.add(found?.by ?? 'nothing');
      await delay(slowness(of[0]?.position ?? 0n));
      asked.at -= 1;
      return of.flatMap((block) =>
        Array.from({ length: block.count }, (__, n) => ({ block, position: block.position + BigInt(n), item: -1 })),
      );
    },
  };
  return { log, asked, changes: changes as unknown as ChangeLog };
}

const filterOf = (matches: (position: bigint) => boolean, more: Partial<LiveFilter> = {}): LiveFilter => ({
  keys: null,
  found: null,
  takes: () => true,
  wantsAll: false,
  matches: ({ position }: LiveItem) => matches(position),
  ...more,
});
const reader = (changes: ChangeLog, filter: LiveFilter, isHeld = () => false) =>
  new ReadAhead(filter, { changes, kind: 'rewards', finality: Finality.PENDING }, isHeld);

async function allOf(ahead: ReadAhead, from = beginning) {
  const positions: bigint[] = [];
  for (let place = from; ; ) {
    const read = await ahead.next(place);
    if (read === null || read === 'gone') return { positions, place, last: read };
    positions.push(...read.items.map(({ position }) => position));
    place = read.end;
  }
}
const positionsTo = (last: bigint, matches: (position: bigint) => boolean, first = 1n) =>
  Array.from({ length: Number(last - first) + 1 }, (_, n) => first + BigInt(n)).filter(matches);

test.each([1, 3, 100, 1_000])(
  'one in %i is read in order, each once, whichever stretch is read first',
  async (rarity) => {
    const random = randomOf(rarity);
    const { changes, asked } = fakeLog(2_000, () => random(12));
    const matches = (position: bigint) => position % BigInt(rarity) === 0n;
    const { positions, last } = await allOf(reader(changes, filterOf(matches)));
    expect(positions).toEqual(positionsTo(20_000n, matches));
    expect(last).toBeNull();
    expect(asked.most).toBeLessThanOrEqual(3);
  },
);

test('from within a block only what comes after is read', async () => {
  const { changes } = fakeLog(300, () => 1);
  const from = { position: 1_234n, stamp: 0n, item: null };
  const { positions } = await allOf(
    reader(
      changes,
      filterOf(() => true),
    ),
    from,
  );
  expect(positions).toEqual(positionsTo(3_000n, () => true, 1_235n));
});

test('who is asked on from elsewhere forgets what was read for there', async () => {
  const { changes } = fakeLog(300, () => 1);
  const ahead = reader(
    changes,
    filterOf(() => true),
  );
  await ahead.next(beginning);
  const from = { position: 2_000n, stamp: 0n, item: null };
  const { positions } = await allOf(ahead, from);
  expect(positions).toEqual(positionsTo(3_000n, () => true, 2_001n));
});

test('nothing yet is asked again, and what came meanwhile is read', async () => {
  const { changes, log } = fakeLog(100, () => 1);
  const ahead = reader(
    changes,
    filterOf(() => true),
  );
  const { place } = await allOf(ahead);
  log.head += 20n;
  const { positions } = await allOf(ahead, place);
  expect(positions).toEqual(positionsTo(1_020n, () => true, 1_001n));
});

test('what comes next is read while the first is', async () => {
  const { changes } = fakeLog(400, () => 1);
  const { items } = changes;
  let calls = 0;
  let begun: () => void;
  const secondBegins = new Promise<void>((resolve) => {
    begun = resolve;
  });
  changes.items = async (kind, blocks, found) => {
    calls += 1;
    if (calls === 2) begun();
    if (calls === 1) await secondBegins;
    return items(kind, blocks, found);
  };
  const { positions } = await allOf(
    reader(
      changes,
      filterOf(() => true),
    ),
  );
  expect(positions).toEqual(positionsTo(4_000n, () => true));
});

test('while nobody takes what was read less is read ahead', async () => {
  const { changes, asked } = fakeLog(2_000, () => 5);
  await allOf(
    reader(
      changes,
      filterOf(() => true),
      () => true,
    ),
  );
  expect(asked.most).toBeLessThanOrEqual(2);
});

test('an error of what is read ahead comes when that is asked for, not before', async () => {
  const { changes } = fakeLog(200, () => 1);
  const { items } = changes;
  changes.items = async (kind, blocks, found) => {
    if (blocks.some(({ position }) => position === 1_001n)) throw new Error('the database is away');
    return items(kind, blocks, found);
  };
  const ahead = reader(
    changes,
    filterOf(() => true),
  );
  const first = await ahead.next(beginning);
  if (first === null || first === 'gone') throw new Error('expected a stretch');
  await delay(20);
  const second = await ahead.next(first.end);
  if (second === null || second === 'gone') throw new Error('expected a stretch');
  await expect(ahead.next(second.end)).rejects.toThrow('the database is away');
});

test('blocks that hold nothing that matches are not read at all', async () => {
  const { changes } = fakeLog(400, () => 1);
  const seen: bigint[] = [];
  const { items } = changes;
  changes.items = (kind, blocks, found) => {
    seen.push(...blocks.map(({ number }) => number));
    return items(kind, blocks, found);
  };
  const takes = ({ number }: PlacedBlock) => number >= 1_000n && number < 1_050n;
  const { positions } = await allOf(
    reader(
      changes,
      filterOf(() => true, { takes }),
    ),
  );
  expect(positions).toEqual(positionsTo(1_050n, () => true, 1_001n));
  expect(seen).toEqual([1_000n, 1_010n, 1_020n, 1_030n, 1_040n]);
});

test('what a bound of rewards finds is looked for only where it is rare', async () => {
  const found = { by: 'rewards', least: 1n, most: null, role: null, source: null } as const;
  const rare = fakeLog(1_000, () => 1);
  await allOf(
    reader(
      rare.changes,
      filterOf((position) => position % 100n === 0n, { found }),
    ),
  );
  expect([...rare.asked.byWhat]).toEqual(['rewards']);
  expect(Math.max(...rare.asked.strides)).toBeGreaterThan(4_000);
  const common = fakeLog(1_000, () => 1);
  await allOf(
    reader(
      common.changes,
      filterOf(() => true, { found }),
    ),
  );
  expect([...common.asked.byWhat]).toContain('nothing');
});
