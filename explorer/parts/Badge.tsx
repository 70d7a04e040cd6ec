import { words } from '../format/names';

const TONES: Record<string, string> = {
  ACTIVE: 'good',
  ACCEPTED: 'good',
  PAID: 'good',
  PENDING: 'wait',
  PAUSED: 'wait',
  REJECTED: 'bad',
  SLASHED: 'bad',
  CLOSED: 'bad',
};

/** A state in words, with a tone that repeats what they say. */
export function Badge({ of }: { of: string }) {
  return <span className={`badge ${TONES[of] ?? ''}`}>{words(of)}</span>;
}
