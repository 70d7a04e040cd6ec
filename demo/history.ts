import { castOf } from './cast';
import { type Call, ChainWriter } from './chainWriter';
import { type Deployment, noteDeployment, readDeployment } from './deployment';
import { Dice } from './dice';
import { deployLoop, openingCalls } from './opening';
import { rpcTo } from './rpc';
import { DAY, HISTORY_PACE, type Scene } from './scene';
import { Society } from './society';
import { chooseTurn } from './turn';

export const HISTORY_DAYS = 60;

/** Blocks after the deployment is written down: a reorg may take a few and must not take the note. */
const LAST_BLOCKS = 6;

export interface Progress {
  events: number;
  of: number;
}

export interface HistoryOptions {
  /** A chain that mines on demand, orders first in first out, and began at least 60 days before `endsAt`. */
  url: string;
  seed: number;
  /** How many events of indexed contracts the history is to have, to within a few. */
  events: number;
  /** Seconds; now, unless a test wants the same blocks twice. */
  endsAt?: number;
  onProgress?: (progress: Progress) => void;
}

export interface History extends Deployment {
  /** False: the chain had its history already. */
  isNew: boolean;
  /** Calls of the history that reverted; none, unless the people's rules and the contracts' disagree. */
  reverted: Call[];
}

/**
 * Builds the seeded history, or finds that the chain has one: then nothing is written, and seed and events are those
 * that it was built with. The same seed, events and `endsAt` give the same blocks; another `endsAt` moves them in time.
 * Throws if the chain has blocks but no whole history.
 */
export async function buildHistory(options: HistoryOptions): Promise<History> {
  const { url, seed, events, onProgress } = options;
  const rpc = rpcTo(url);
  const existing = await readDeployment(rpc);
  if (existing) return { ...existing, isNew: false, reverted: [] };
  if (BigInt(await rpc.call<string>('eth_blockNumber')) !== 0n) {
    throw new Error('the chain has blocks but no whole history: start it anew');
  }
  const chainId = Number(await rpc.call<string>('eth_chainId'));
  const endsAt = options.endsAt ?? Math.floor(Date.now() / 1000);
  const startsAt = endsAt - HISTORY_DAYS * DAY;
  const cast = castOf(seed, events);
  const addresses = await deployLoop(rpc, chainId, cast, startsAt);
  const deployment: Deployment = { chainId, seed, events, startsAt, endsAt, startBlock: 1, addresses };

  const writer = new ChainWriter(rpc, addresses);
  const society = new Society();
  const reverted: Call[] = [];
  const mine = async (calls: readonly Call[], at: number) => {
    const mined = await writer.mine(calls, at);
    for (const event of mined.events) society.apply(event);
    reverted.push(...mined.reverted);
    onProgress?.({ events: society.events, of: events });
  };
  for (const event of await writer.readAll()) society.apply(event);
  await mine(openingCalls(cast, addresses, startsAt + 60), startsAt + 60);

  const dice = new Dice(`history ${seed}`);
  const times = blockTimes(dice, events, startsAt, endsAt);
  const fanOut = Math.max(1, Math.round(events / 10_000));
  for (const [i, now] of times.entries()) {
    if (i === times.length - LAST_BLOCKS) await noteDeployment(rpc, deployment);
    const day = Math.floor((now - startsAt) / DAY);
    const scene: Scene = { society, cast, dice, addresses, pace: HISTORY_PACE, now, day, chosen: [] };
    const missing = targetAt(events, (now - startsAt) / (endsAt - startsAt)) - society.events;
    const wishes = Math.round(Math.min(Math.max(missing / EVENTS_PER_WISH, 0), 4 * fanOut + 4));
    await mine(chooseTurn(scene, { wishes, diligence: missing > 0 ? 0.9 : 0.6, fanOut }), now);
  }
  return { ...deployment, isNew: true, reverted };
}

/** What a wish brings at once; the duties that follow from it bring more, later. */
const EVENTS_PER_WISH = 8;

/** From something on every day to an economy that grows by half a week: 64% of the events are of the last 14 days of 60. */
function targetAt(events: number, part: number): number {
  return events * (isSmall(events) ? part ** 1.45 : 0.12 * part + 0.88 * part ** 4.5);
}

/** So few that they must be spread, or some kind of event would find no occasion. */
const isSmall = (events: number) => events < 3_000;

/** Ascending times of the blocks, more of them a day as the days go by; the last one is `endsAt`. */
function blockTimes(dice: Dice, events: number, startsAt: number, endsAt: number): number[] {
  const count = Math.min(1_200 + Math.round(events / 50), Math.max(300, Math.round(events / 8)));
  const times = Array.from({ length: count }, (_, i) => {
    const part = ((i + dice.next()) / count) ** (isSmall(events) ? 0.8 : 0.6);
    return startsAt + 120 + Math.floor((endsAt - startsAt - 120) * part);
  }).sort((a, b) => a - b);
  times[count - 1] = endsAt;
  return times;
}
