import { count, median, percentile } from '../../bench/table';

describe('figures', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('the median of %j is %d', (figures, expected) => {
    expect(median(figures)).toBe(expected);
  });

  it.each([
    [99, 198],
    [50, 100],
    [100, 200],
    [0, 1],
  ])('percentile %d of 1 to 200 is %d', (percent, expected) => {
    const figures = Array.from({ length: 200 }, (_, i) => 200 - i);
    expect(percentile(figures, percent)).toBe(expected);
  });

  it('leaves the order of what it was given alone', () => {
    const figures = [3, 1, 2];
    median(figures);
    percentile(figures, 50);
    expect(figures).toEqual([3, 1, 2]);
  });

  it('sets thousands apart', () => {
    expect(count(1_234_567.6)).toBe('1,234,568');
  });
});
