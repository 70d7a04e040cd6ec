import type { Call } from './chainWriter';
import { registerAdapter, registerModels, reprice, train } from './moves/build';
import { dispute, link, submit, submitBatch } from './moves/contribute';
import { carryOut, propose, transfer, vote, withdraw } from './moves/govern';
import {
  condemn,
  decideContributions,
  foundDatanets,
  HOUSEKEEPING,
  keepDatanet,
  publishVersion,
  releaseBonds,
  resolveDispute,
} from './moves/organize';
import { claim, emit, grant, settleEpoch, settleModel, stake } from './moves/reward';
import { attribute, infer, rate, resolveHeld, revise } from './moves/use';
import { isMissing, type Move, type Scene } from './scene';

/**
 * What is due: done as soon as its time has come. Of each group one move a block, because moves are chosen by what the
 * chain said before the block: two of one group could undo each other's ground. Groups run in this order; what judges
 * contributions comes last, so that nobody is paid for one that falls in the same block.
 */
const DUTIES = {
  found: [foundDatanets],
  attribution: [resolveHeld, attribute],
  reward: [emit, settleEpoch, claim],
  build: [registerModels, train],
  govern: [withdraw, propose, carryOut, vote],
  data: [resolveDispute, decideContributions, publishVersion, releaseBonds, condemn],
} as const satisfies Record<string, readonly Move[]>;

type Group = keyof typeof DUTIES | 'submit' | 'infer' | 'rate' | 'grant' | 'transfer';

interface Free {
  move: Move;
  /** How often, relative to the others. */
  weight: number;
  group: Group;
  /** Any number of these fit in a block. */
  isRepeatable?: boolean;
  /** The event that it is there for, where a small history could miss it. */
  event?: string;
}

/** What people do because they want to. */
const FREE: readonly Free[] = [
  { move: infer, weight: 34, group: 'infer', isRepeatable: true },
  { move: submit, weight: 36, group: 'submit', isRepeatable: true },
  { move: submitBatch, weight: 5, group: 'submit', isRepeatable: true, event: 'ContributionBatchSubmitted' },
  { move: rate, weight: 9, group: 'rate', event: 'FeedbackRecorded' },
  { move: transfer, weight: 2.5, group: 'transfer', event: 'Transfer' },
  { move: link, weight: 1.5, group: 'data', event: 'ContributionLinked' },
  { move: dispute, weight: 4, group: 'data', event: 'DisputeOpened' },
  { move: revise, weight: 1.5, group: 'reward', event: 'AttributionRevised' },
  { move: stake, weight: 1.2, group: 'reward' },
  { move: grant, weight: 0.8, group: 'grant' },
  { move: settleModel, weight: 0.6, group: 'reward' },
  { move: registerAdapter, weight: 2, group: 'build', event: 'AdapterRegistered' },
  { move: reprice, weight: 0.5, group: 'infer' },
];

export interface TurnOptions {
  /** How many free moves. */
  wishes: number;
  /** How likely a group looks at its duties now. */
  diligence: number;
  /** How many attributions and decisions fit in a block: a large history has more of everything in one. */
  fanOut: number;
}

/** Chooses the calls of one block. */
export function chooseTurn(scene: Scene, { wishes, diligence, fanOut }: TurnOptions): Call[] {
  const { dice } = scene;
  // Housekeeping changes who may do what, so it has its block to itself.
  if (wishes > 0 && (dice.chance(0.02) || HOUSEKEEPING.some((event) => isMissing(scene, event)))) {
    const housekeeping = keepDatanet(scene);
    if (housekeeping.length > 0) return housekeeping;
  }
  const calls = new Map<Group, Call[]>();
  const add = (group: Group, chosen: Call[]) => calls.set(group, [...(calls.get(group) ?? []), ...chosen]);
  const now = (): Scene => ({ ...scene, chosen: [...calls.values()].flat() });

  for (const [group, moves] of Object.entries(DUTIES) as [keyof typeof DUTIES, readonly Move[]][]) {
    if (group !== 'found' && !dice.chance(diligence)) continue;
    const start = group === 'data' ? dice.between(0, moves.length - 1) : 0;
    for (let i = 0; i < moves.length && !calls.has(group); i++) {
      const chosen = moves[(start + i) % moves.length]!(now());
      if (chosen.length > 0) add(group, chosen);
    }
  }
  for (let i = 1; i < fanOut; i++) add('attribution', attribute(now()));
  for (let i = 0; i < wishes; i++) {
    const free = dice.weighted(FREE, ({ weight, event }) =>
      event !== undefined && isMissing(scene, event) ? 20 * weight : weight,
    );
    if (!free || (calls.has(free.group) && !free.isRepeatable)) continue;
    // A price that changes in the block would make what users prepared for it too little.
    if (free.move === infer && [...(calls.get('infer') ?? [])].some(({ method }) => method === 'setPrice')) continue;
    const chosen = free.move(now());
    if (chosen.length > 0) add(free.group, chosen);
  }
  return ORDER.flatMap((group) => calls.get(group) ?? []);
}

const ORDER: readonly Group[] = [
  'found',
  'submit',
  'attribution',
  'infer',
  'reward',
  'grant',
  'rate',
  'transfer',
  'build',
  'govern',
  'data',
];
