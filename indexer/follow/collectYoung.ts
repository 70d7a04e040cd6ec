import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compileSoon } from './compileLater';

/** V8's own, which Node shows to whoever asks for it. */
type Collect = (options: { type: 'minor' }) => void;

let collect: Collect | undefined;

/** How much larger than what is left after a look at all objects the heap becomes before the next one; V8 gives some 20%. */
const GROWTH_PERCENT = 100;

/**
 * Lets go of young objects that nobody needs, while nothing waits. V8 by itself does so when there is no room for more,
 * which is in the middle of a block: every seventh block of 200 events took 6 ms longer, and up to 15, because then most
 * of them are still needed and are moved. What one block takes has room between two calls.
 *
 * From then on the heap may double between two looks at all objects: those were in every 15th to 25th block, up to 18 ms of
 * it, and in most of the slowest. In pauses they can't be: of a heap where no block is under way V8 forgets the shapes and
 * the code of what a block is made of, and decoding the next one took twice as long.
 */
export function collectYoung(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
    compileSoon();
    collect = runInNewContext('gc') as Collect;
  }
  collect({ type: 'minor' });
}
