const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

export const formatCount = (value: number | string): string => plain.format(Number(value));
/** "1 inference", "1,203 inferences" */
export const counted = (value: number, noun: string): string =>
  `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
export const formatCompact = (value: number): string =>
  Math.abs(value) < 10_000 ? plain.format(value) : compact.format(value);

/** A share of 0..1; small ones keep a digit that says something. */
export function formatShare(share: number | null | undefined): string {
  if (share === null || share === undefined) return '–';
  // External demand, where its payers got more back than they paid.
  if (share < 0) return share > -0.0001 ? '>−0.01 %' : `−${formatShare(-share)}`;
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent < 0.01) return '<0.01 %';
  return `${percent.toFixed(percent < 1 ? 2 : 1)} %`;
}

/** Parts per million as an exact percentage. */
export function formatPpm(ppm: string | number): string {
  return `${(Number(ppm) / 10_000).toFixed(4).replace(/\.?0+$/, '')} %`;
}

export function formatBytes(bytes: string | null): string {
  if (bytes === null) return '–';
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}
