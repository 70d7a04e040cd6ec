import type { EventRow } from '../eventContent';

/**
 * What filters judge: the rows of migrations/0018_live.sql as JSON. Bytes are "\x…", ids and amounts text. A list of two is
 * what stood right before the event and right after it, a list of one is both, or what it brought.
 */
export interface JudgedReward {
  pool_id: string;
  beneficiary: string;
  ref: string;
  role: number;
  contribution_id: string;
  amount: string;
  fee: boolean;
  emission: boolean;
  grant: boolean;
  slash: boolean;
  unknown: boolean;
  token: string | null;
  datanets: string[];
  models: string[];
}

export interface JudgedClaim {
  pool_id: string;
  beneficiary: string;
}

export interface JudgedReversal {
  pool_id: string;
  beneficiary: string;
  ref: string;
}

export interface JudgedContribution {
  id: string;
  datanet_id: string;
  contributor: string;
  content_hash: string;
  /** Of its submission; seconds. */
  block: number;
  time: number;
  statuses: (number | null)[];
}

export interface JudgedInference {
  id: string;
  model_id: string;
  user: string;
  /** Of its settlement; seconds. */
  block: number;
  time: number;
  attributed: boolean[];
}

export interface JudgedInfluence {
  /** Where the edge was recorded, which may be long before the event that changed it. */
  pos: string;
  inference_id: string;
  model_id: string;
  datanet_id: string;
  contribution_id: string;
  contributor: string;
  /** Right after the event. */
  current: boolean;
}

/** What each kind of stream is judged by: of events, the event itself. */
export interface JudgedOf {
  events: EventRow;
  rewards: JudgedReward;
  claims: JudgedClaim;
  reversals: JudgedReversal;
  contributions: JudgedContribution;
  inferences: JudgedInference;
  influences: JudgedInfluence;
}
export type KindName = keyof JudgedOf;

/** bytea as JSON has it, "\x…", as this API writes it. */
export function hexOf(bytes: string): string {
  return `0${bytes.slice(1)}`;
}

export function bytesOf(bytes: string): Buffer {
  return Buffer.from(bytes.slice(2), 'hex');
}
