import type { Estimate } from './rateWindow';

/** How far a chain is. */
export interface ChainProgress extends Estimate {
  name: string;
  doneBlocks: number;
  /** Null while the head isn't known. */
  allBlocks: number | null;
  /** Why it stands still. */
  error: string | null;
}

const WIDEST_BAR = 24;
const NARROWEST_BAR = 6;

/**
 * One line that fits into `columns`: of several chains the one that will be ready last. What doesn't fit goes, the least
 * useful first; the line never wraps, or a terminal couldn't rewrite it.
 */
export function progressText(chains: readonly ChainProgress[], columns: number): string {
  const slowest = slowestOf(chains);
  const count = chains.length > 1 ? ` (slowest of ${chains.length})` : '';
  if (!slowest) return cut('Indexing starts', columns);
  const name = printable(slowest.name);
  if (slowest.error !== null) return cut(`${name} waits: ${printable(slowest.error)}`, columns);
  if (slowest.allBlocks === null) return cut(`${name}: asking for the head`, columns);
  const bar = (size: number): string => ` [${barOf(slowest, size)}]`;
  const percent = ` ${percentOf(slowest)} %`;
  const left = `  ${timeLeft(slowest.secondsLeft)}`;
  const events = `  ${rateText(slowest.eventsPerSecond)} events/s`;
  const blocks = `  ${rateText(slowest.blocksPerSecond)} blocks/s`;
  const place = `  ${grouped(slowest.doneBlocks)} of ${grouped(slowest.allBlocks)} blocks`;
  const layouts = [
    [count, percent, events, blocks, left, place],
    [count, percent, events, blocks, left],
    [percent, events, blocks, left],
    [percent, events, left],
    [percent, left],
  ];
  for (const parts of layouts) {
    const spare = columns - [name, ...parts].join('').length - ' []'.length;
    if (spare < (parts.includes(place) ? WIDEST_BAR : NARROWEST_BAR)) continue;
    const [before, ...after] = parts[0] === count ? parts : ['', ...parts];
    return [name, before, bar(Math.min(WIDEST_BAR, spare)), ...after].join('');
  }
  return cut(`${name}${percent}${left}`, columns);
}

/** The same for a log: of this chain alone, at any length. */
export function progressSentence(chain: ChainProgress): string {
  if (chain.error !== null) return `${chain.name} waits: ${chain.error}`;
  if (chain.allBlocks === null) return `${chain.name}: asking for the head`;
  return `Indexing ${chain.name}: ${percentOf(chain)} %, ${timeLeft(chain.secondsLeft)}`;
}

export function isDone({ doneBlocks, allBlocks, error }: ChainProgress): boolean {
  return error === null && allBlocks !== null && doneBlocks >= allBlocks;
}

/** Down, so that 100 is said of what is done alone. */
export function percentOf({ doneBlocks, allBlocks }: ChainProgress): number {
  if (allBlocks === null) return 0;
  if (doneBlocks >= allBlocks) return 100;
  return Math.max(0, Math.min(99, Math.floor((100 * doneBlocks) / allBlocks)));
}

/** In words that claim no more than is known: "?" without a rate, and coarser the longer it takes. */
export function timeLeft(secondsLeft: number | null): string {
  if (secondsLeft === null || !Number.isFinite(secondsLeft) || secondsLeft > 999 * 86_400) return '? left';
  if (secondsLeft <= 0) return 'done';
  if (secondsLeft < 90) return `about ${Math.max(1, Math.round(secondsLeft))} s left`;
  if (secondsLeft < 90 * 60) return `about ${Math.round(secondsLeft / 60)} min left`;
  if (secondsLeft < 36 * 3_600) return `about ${Math.round(secondsLeft / 3_600)} h left`;
  return `about ${Math.round(secondsLeft / 86_400)} d left`;
}

function slowestOf(chains: readonly ChainProgress[]): ChainProgress | undefined {
  return chains.reduce<ChainProgress | undefined>(
    (slowest, chain) => (!slowest || lateness(chain) > lateness(slowest) ? chain : slowest),
    undefined,
  );
}

/** What stands still comes last of all, what nobody can foretell next to it. */
function lateness(chain: ChainProgress): number {
  if (chain.error !== null) return Number.POSITIVE_INFINITY;
  if (isDone(chain)) return -1;
  return chain.secondsLeft ?? Number.MAX_VALUE;
}

function barOf(chain: ChainProgress, size: number): string {
  const share = chain.allBlocks === null || chain.allBlocks <= 0 ? 0 : chain.doneBlocks / chain.allBlocks;
  const full = isDone(chain) ? size : Math.max(0, Math.min(size - 1, Math.floor(share * size)));
  return '#'.repeat(full) + '-'.repeat(size - full);
}

function rateText(rate: number | null): string {
  if (rate === null) return '?';
  if (rate > 0 && rate < 10) return rate.toFixed(1);
  return grouped(Math.round(rate));
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A node's message may hold anything; a terminal must not obey it. */
function printable(text: string): string {
  return text.replace(/\p{C}+/gu, ' ');
}

function cut(text: string, columns: number): string {
  const letters = [...text];
  return letters.length <= columns ? text : `${letters.slice(0, Math.max(0, columns - 1)).join('')}…`;
}
