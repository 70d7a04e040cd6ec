export type Scale = (value: number) => number;

export function scale([from, to]: readonly [number, number], [start, end]: readonly [number, number]): Scale {
  const length = to - from || 1;
  return (value) => start + ((value - from) / length) * (end - start);
}

/** Round values from 0 to at least `most`, about `count` of them. */
export function ticks(most: number, count = 4): number[] {
  if (!(most > 0)) return [0];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const last = Math.ceil(most / step - 1e-9);
  return Array.from({ length: last + 1 }, (_, place) => place * step);
}

/** From a value below zero, where there is one, to one above; zero is among them. */
export function ticksAround(values: readonly number[], count = 4): number[] {
  const below = ticks(-Math.min(0, ...values), count).slice(1);
  return [...below.map((tick) => -tick).toReversed(), ...ticks(Math.max(0, ...values), count)];
}

/** Those whose labels have room beside each other, from the last one back. */
export function spaced<Entry>(entries: readonly Entry[], xOf: (entry: Entry) => number, room: number): Entry[] {
  let next = Number.POSITIVE_INFINITY;
  return entries.toReversed().filter((entry) => {
    if (next - xOf(entry) < room) return false;
    next = xOf(entry);
    return true;
  });
}
