import { type LiveSocket, PING_MS } from './liveSocket';

/** Who takes nothing is found out within this part of the time that he has. */
const LOOKS = 4;
const STEPS = 100;

/** Every socket comes up again and again, a few at a time, so that ten thousand pings don't go at once. */
export function lookAfter(open: ReadonlySet<LiveSocket>, untakenMs: number): () => void {
  const everyMs = Math.min(PING_MS, untakenMs / LOOKS);
  let round: readonly LiveSocket[] = [];
  let looked = 0;
  let begunAt = performance.now();
  const looking = setInterval(() => {
    const now = performance.now();
    if (looked === round.length && now - begunAt >= everyMs) [round, looked, begunAt] = [[...open], 0, now];
    const due = Math.min(round.length, Math.ceil((round.length * (now - begunAt + everyMs / STEPS)) / everyMs));
    for (; looked < due; looked++) round[looked]?.look();
  }, everyMs / STEPS);
  looking.unref();
  return () => clearInterval(looking);
}
