import { setImmediate as turn } from 'node:timers/promises';

/** What others wait for at most. */
const TURN_MS = 0.5;

/** Does all steps of some work at once. */
export function finish<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Lets others in between, who have sockets to fill: a commit that is being written, for one. */
export async function finishInTurns<T>(steps: Generator<undefined, T>): Promise<T> {
  for (let since = performance.now(); ; ) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - since < TURN_MS) continue;
    await turn();
    since = performance.now();
  }
}
