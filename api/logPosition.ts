/**
 * A position in the log of changes, and which row held it: when that was written, in microseconds, the last 32 bits. A
 * database that is put back to a backup, or whose standby takes over without the last commits, gives positions out again
 * to other rows, which a cursor or a tag from before must not mean. null: not known, as of an empty log, or of a cursor of
 * the first release.
 */
export interface LogPosition {
  position: bigint;
  stamp: bigint | null;
}

/** Of a row of `change`. */
export const STAMP = '((extract(epoch from created_at) * 1000000)::bigint & 4294967295)';
/** Of the last position given out, beside change_position; null where no row holds it, as after a chain was reset. */
export const LAST_STAMP = `(
  select case when position + count = next - 1 then ${STAMP} end from change order by position desc limit 1
)`;
