import { subjectKinds } from './subject';

/**
 * By what events are found: the accounts and entities that they name (subjectKey is their key), and each one's contract,
 * event type and transaction. The code is the first byte of posting.subject.
 */
export const postingKinds = { ...subjectKinds, contract: 9, eventType: 10, transaction: 11 } as const;

/** Positions of a row of posting at most: rows of 2 KB would be moved out of their table's pages. */
export const MOST_POSITIONS = 200;

/** posting.subject of a contract's events. @param address of 20 bytes */
export function contractKey(address: Buffer): Buffer {
  return Buffer.from([postingKinds.contract, ...address]);
}

/** posting.subject of a type's events. @param id in event_type */
export function eventTypeKey(id: number): Buffer {
  return Buffer.from([postingKinds.eventType, ...eventTypeBytes(id)]);
}

/** posting.subject of a transaction's events. @param hash of 32 bytes */
export function transactionKey(hash: Buffer): Buffer {
  return Buffer.from([postingKinds.transaction, ...hash]);
}

/** The id as two bytes. */
export function eventTypeBytes(id: number): Buffer {
  return Buffer.from([id >> 8, id]);
}
