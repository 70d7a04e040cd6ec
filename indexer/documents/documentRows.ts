import type { Pool } from 'pg';
import type { Metadata } from './parseMetadata';
import type { RetryPlan } from './retryPlan';

/** A row of `document`; both in hex without 0x. */
export interface DocumentKey {
  hash: string;
  uriDigest: string;
}

export interface DueDocument extends DocumentKey {
  attempts: number;
  /** Fetched through a gateway alone. */
  ipfs: boolean;
}

/** Retried by a job of the queue; only if that one is a minute late, it was lost. */
export const lateAfterSeconds = 60;

/**
 * Rows that want a job: new ones, and with `late` failed ones whose job should long have come. Those that wait for an IPFS gateway
 * have made no attempt and are left out while there is none.
 */
export async function dueDocuments(
  pool: Pool,
  { limit, late, plan, withGateway }: { limit: number; late: boolean; plan: RetryPlan; withGateway: boolean },
): Promise<DueDocument[]> {
  const { rows } = await pool.query<DueDocument>({
    name: 'documents_due',
    text: `
      select encode(hash, 'hex') as hash, encode(uri_digest, 'hex') as "uriDigest", attempts,
        lower(left(uri, 5)) = 'ipfs:' as ipfs
      from document
      where state in ('pending', 'failed')
        and (state = 'pending'
          or $6 and (attempts = 0
              or updated_at < now() - make_interval(secs => least($2, $1 * 2 ^ (least(attempts, 30) - 1)) + $3))
            and ($4 or lower(left(uri, 5)) <> 'ipfs:'))
      order by updated_at
      limit $5`,
    values: [plan.baseMs / 1000, plan.capMs / 1000, lateAfterSeconds, withGateway, limit, late],
  });
  return rows;
}

/** undefined when there is nothing left to do. */
export async function openDocument(pool: Pool, key: DocumentKey): Promise<{ uri: string } | undefined> {
  const { rows } = await pool.query<{ uri: string }>(
    `select uri
    from document
    where hash = decode($1, 'hex') and uri_digest = decode($2, 'hex') and state in ('pending', 'failed')`,
    [key.hash, key.uriDigest],
  );
  return rows[0];
}

export async function saveFetchedDocument(pool: Pool, key: DocumentKey, metadata: Metadata): Promise<void> {
  await pool.query(
    `update document
    set state = 'fetched', attempts = attempts + 1, error = null, name = $3, description = $4, updated_at = now()
    where hash = decode($1, 'hex') and uri_digest = decode($2, 'hex') and state <> 'fetched'`,
    [key.hash, key.uriDigest, metadata.name, metadata.description],
  );
}

export async function saveRefusedDocument(pool: Pool, key: DocumentKey, reason: string): Promise<void> {
  await pool.query(
    `update document
    set state = 'refused', attempts = attempts + 1, error = $3, updated_at = now()
    where hash = decode($1, 'hex') and uri_digest = decode($2, 'hex') and state in ('pending', 'failed')`,
    [key.hash, key.uriDigest, shownReason(reason)],
  );
}

/** Counts the attempt; the last one that the plan allows is a refusal. Answers the state the row has now. */
export async function saveFailedDocument(
  pool: Pool,
  key: DocumentKey,
  reason: string,
  plan: RetryPlan,
): Promise<string | undefined> {
  const { rows } = await pool.query<{ state: string }>(
    `update document
    set state = case when attempts + 1 >= $4::int then 'refused' else 'failed' end,
      attempts = attempts + 1,
      error = case when attempts + 1 >= $4::int then 'given up after ' || attempts + 1 || ' attempts: ' else '' end || $3::text,
      updated_at = now()
    where hash = decode($1, 'hex') and uri_digest = decode($2, 'hex') and state in ('pending', 'failed')
    returning state`,
    [key.hash, key.uriDigest, shownReason(reason), plan.attempts ?? null],
  );
  return rows[0]?.state;
}

export async function saveWaitingDocuments(pool: Pool, keys: readonly DocumentKey[], reason: string): Promise<void> {
  await pool.query(
    `update document d
    set state = 'failed', error = $3, updated_at = now()
    from unnest($1::text[], $2::text[]) as k (hash, uri_digest)
    where d.hash = decode(k.hash, 'hex') and d.uri_digest = decode(k.uri_digest, 'hex')
      and d.state in ('pending', 'failed')`,
    [keys.map(({ hash }) => hash), keys.map(({ uriDigest }) => uriDigest), shownReason(reason)],
  );
}

/** Reasons quote strangers: one line of ordinary length that Postgres can hold. */
function shownReason(reason: string): string {
  return reason.replace(/\p{Cc}|\p{Cs}/gu, '\ufffd').slice(0, 500);
}

/**
 * After the commit of what arrived, never inside it: a sequence is no part of a transaction, so a reader could see the
 * new count beside the old row, and keep the old answer under the new count.
 */
export async function announceMetadata(pool: Pool): Promise<void> {
  await pool.query(`select nextval('metadata_counter'), pg_notify('flywheel_metadata', '')`);
}
