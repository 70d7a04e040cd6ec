import { setFlagsFromString } from 'node:v8';

/** How many bytes of bytecode a function runs before V8 compiles it optimized: its --interrupt-budget of Node 20 and 22. */
const V8_OWN = 66 * 1024;
const LATER = 500_000;

/**
 * A start runs much that is soon over: of a history of 200,000 events compiling by V8's own measure took the indexer 1 s of
 * 3.8 s of CPU, by this one half a second. What goes on running is compiled all the same, some moments later.
 */
export function compileLater(): void {
  setFlagsFromString(`--interrupt-budget=${LATER}`);
}

/** Near the head, where a block is waited for. */
export function compileSoon(): void {
  setFlagsFromString(`--interrupt-budget=${V8_OWN}`);
}
