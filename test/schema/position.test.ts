import { blockOf, firstPositionOf, logIndexOf, positionOf } from '../../schema/position';
import { createDatabase, type TestDatabase } from '../run/database';
import fc from '../run/fastCheck';

const anyBlock = fc.integer({ min: 0, max: 2 ** 41 - 1 });
const anyLogIndex = fc.oneof(fc.integer({ min: 0, max: 2 ** 22 - 1 }), fc.constantFrom(0, 1, 2 ** 22 - 1));

describe('a position', () => {
  it('gives back its block and log index', () => {
    fc.assert(
      fc.property(anyBlock, anyLogIndex, (block, logIndex) => {
        const pos = positionOf(block, logIndex);
        expect([blockOf(pos), logIndexOf(pos)]).toEqual([block, logIndex]);
        // A Postgres bigint.
        expect(pos).toBeLessThan(2n ** 63n);
      }),
    );
  });

  it('has chain order: by block, then by log index', () => {
    fc.assert(
      fc.property(anyBlock, anyLogIndex, anyBlock, anyLogIndex, (blockA, logA, blockB, logB) => {
        const order = blockA - blockB || logA - logB;
        const [a, b] = [positionOf(blockA, logA), positionOf(blockB, logB)];
        expect(a < b ? -1 : a > b ? 1 : 0).toBe(Math.sign(order));
      }),
    );
  });

  it('begins a block at its log 0, after the last log of the block before', () => {
    expect(firstPositionOf(7)).toBe(positionOf(7, 0));
    expect(firstPositionOf(7) - 1n).toBe(positionOf(6, 2 ** 22 - 1));
    expect(firstPositionOf(0)).toBe(0n);
  });

  it.each([-1, 2 ** 22, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('has no log index %s', (logIndex) => {
    expect(() => positionOf(1, logIndex)).toThrow(RangeError);
  });

  describe('in SQL', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createDatabase();
    });
    afterAll(() => database.close());

    it('is the same number, and the same block', async () => {
      const blocks = [0, 1, 2 ** 22, 31_337_000, 2 ** 41 - 1];
      const logs = [0, 1, 2 ** 22 - 1, 5, 2 ** 22 - 1];
      const { rows } = await database.pool.query<{ pos: bigint; block: bigint }>(
        `select p.pos, block_of(p.pos) as block
         from unnest($1::bigint[], $2::integer[]) with ordinality as l (block, log_index, n)
         cross join lateral (select position_of(l.block, l.log_index) as pos) p
         order by n`,
        [blocks, logs],
      );
      expect(rows).toEqual(
        blocks.map((block, i) => ({ pos: positionOf(block, logs[i] as number), block: BigInt(block) })),
      );
    });
  });
});
