import { getHeapSpaceStatistics } from 'node:v8';
import { collectYoung } from '../../indexer/follow/collectYoung';

const youngBytes = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_used_size;

it('lets go of what was allocated lately and nobody holds', () => {
  // What lives through two collections is young no more: what is left has room for all that follows.
  collectYoung();
  collectYoung();
  const before = youngBytes() as number;
  const strings = Array.from({ length: 5_000 }, (_, i) => ({ i }));
  expect(youngBytes()).toBeGreaterThan(before);
  const used = youngBytes() as number;
  strings.length = 0;
  collectYoung();
  expect(youngBytes()).toBeLessThan(used);
});
