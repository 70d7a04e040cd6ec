import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8's own, which Node shows to whoever asks for it. */
type Collect = (options: { type: 'minor' }) => void;

let collect: Collect | undefined;

/**
 * Lets go of young objects that nobody needs, while nothing waits. V8 by itself does so when there is no room for more,
 * which is in the middle of a block: every seventh block of 200 events took 6 ms longer, and up to 15, because then most
 * of them are still needed and are moved. What one block takes has room between two calls.
 */
export function collectYoung(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
  }
  collect({ type: 'minor' });
}
