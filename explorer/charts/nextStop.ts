export interface Stop {
  key: string;
  x: number;
  y: number;
}

/** The nearest stop in a direction; what lies far to the side counts as farther away. */
export function nextStop<Each extends Stop>(
  stops: readonly Each[],
  from: Each,
  [x, y]: readonly [number, number],
): Each | undefined {
  let found: Each | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const stop of stops) {
    const [dx, dy] = [stop.x - from.x, stop.y - from.y];
    const ahead = dx * x + dy * y;
    const aside = Math.abs(dx * y) + Math.abs(dy * x);
    const far = ahead + 2.5 * aside;
    if (ahead <= 1 || far >= least) continue;
    least = far;
    found = stop;
  }
  return found;
}
