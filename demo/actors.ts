import { castOf } from './cast';
import { ChainWriter } from './chainWriter';
import type { Deployment } from './deployment';
import { Dice } from './dice';
import { livePace } from './livePace';
import { rpcTo, toHex } from './rpc';
import { DAY, type Scene } from './scene';
import { Society } from './society';
import { chooseTurn } from './turn';

export interface ActorsOptions {
  url: string;
  deployment: Deployment;
  seed: number;
  /** What went wrong in a turn; the actors go on with the next one. */
  onError: (error: Error) => void;
  /** From one turn to the next. */
  turnMs?: number;
}

export interface Actors {
  /** Resolves when the turn that is under way has ended. */
  close(): Promise<void>;
}

interface Knowledge {
  society: Society;
  writer: ChainWriter;
  dice: Dice;
  head: { number: number; hash: string; at: number };
}

interface RawBlock {
  number: string;
  hash: string;
  timestamp: string;
}

/**
 * Users, contributors, builders, curators and the treasury go on turning the loop: every few seconds somebody acts, rarer
 * the more has happened lately (./livePace), and only then a block is mined. What they know, they know from the chain:
 * after a reorg, a restart of the chain or any error they read it again from its first event, so nothing can make them act
 * on what never was.
 */
export function startActors({ url, deployment, seed, onError, turnMs = 2_000 }: ActorsOptions): Actors {
  const rpc = rpcTo(url);
  const cast = castOf(deployment.seed, deployment.events);
  let knowledge: Knowledge | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  const blockAt = async (tag: string): Promise<Knowledge['head'] | undefined> => {
    const block = await rpc.call<RawBlock | null>('eth_getBlockByNumber', [tag, false]);
    return block ? { number: Number(block.number), hash: block.hash, at: Number(block.timestamp) } : undefined;
  };

  const learn = async (): Promise<Knowledge> => {
    const head = (await blockAt('latest'))!;
    const writer = new ChainWriter(rpc, deployment.addresses);
    const society = new Society();
    for (const event of await writer.readAll()) society.apply(event);
    return { society, writer, dice: new Dice(`live ${seed} ${head.hash}`), head };
  };

  const isStill = async ({ head }: Knowledge) => (await blockAt(toHex(head.number)))?.hash === head.hash;

  const act = async (): Promise<void> => {
    if (!knowledge || !(await isStill(knowledge))) knowledge = await learn();
    const { society, writer, dice, head } = knowledge;
    const now = Math.max(Math.floor(Date.now() / 1000), head.at + 1);
    const day = Math.floor((now - deployment.startsAt) / DAY);
    const { addresses } = deployment;
    const { wishes, pace } = livePace(society, now);
    const scene: Scene = { society, cast, dice, addresses, pace, now, day, chosen: [] };
    const calls = chooseTurn(scene, { wishes: dice.chance(wishes) ? 1 : 0, diligence: 0.6, fanOut: 1 });
    if (calls.length === 0) return;
    const { events, reverted } = await writer.mine(calls, now);
    for (const event of events) society.apply(event);
    knowledge.head = (await blockAt('latest'))!;
    if (reverted.length > 0) {
      const names = reverted.map(({ contract, method }) => `${contract}.${method}`).join(', ');
      throw new Error(`${names} reverted in block ${knowledge.head.number}`);
    }
  };

  const again = () => {
    if (closed) return;
    timer = setTimeout(() => {
      turn = act()
        .catch((error: unknown) => {
          knowledge = undefined;
          onError(error instanceof Error ? error : new Error(String(error)));
        })
        .then(again);
    }, turnMs);
  };
  again();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await turn;
    },
  };
}
