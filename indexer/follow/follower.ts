import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { ContractSet } from '../../schema/contractSet';
import type { ChainConfig } from '../../schema/networkFile';
import type { RangeQueue } from '../ranges/rangeQueue';
import type { ChainSource } from '../rpc/chainSource';
import type { BlockRange, Header } from '../store/blockRange';
import type { EventTypeIds, FactBatch } from '../store/factBatch';
import type { Leadership } from '../store/leadership';
import type { StoredHistory } from '../store/storedHistory';
import type { Repairs } from '../verify/repairs';
import type { BlocksAhead } from './blocksAhead';

/** What following one chain needs. */
export interface ChainFollower {
  chain: ChainConfig;
  contracts: ContractSet;
  eventTypeIds: EventTypeIds;
  source: ChainSource;
  ranges: RangeQueue;
  history: StoredHistory;
  ahead: BlocksAhead;
  /** For what is done beside the leader's connection. */
  pool: Pool;
  /** What the audit found wrong in what is stored. */
  repairs: Repairs;
  leadership: Leadership;
  log: Logger;
  /** Ends the loop. */
  signal: AbortSignal;
  /** Resolves when there may be something new: a head announced, or pollMs gone by. */
  nextHead: () => Promise<void>;
}

/** Blocks near the head taken in one step. */
export const FOLLOW_BLOCKS = 50;

/** What to commit next: blocks, and where a reorg left our chain. 'elsewhere': nothing, and another endpoint is asked. */
export interface Step {
  /** Adjoining, in chain order. */
  ranges: BlockRange[];
  /** Their rows, if worked out already. */
  batch?: FactBatch;
  ancestor?: Header;
  /** From the queue: their segments are stored already. */
  stored: boolean;
  /** A repair of finalized blocks; later segments stay up to here. */
  repairKeepsTo?: number;
}
