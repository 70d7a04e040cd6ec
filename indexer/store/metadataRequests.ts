import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { StoredRow } from './copyRows';
import { columnIndex, type FactTableName } from './factTables';
import { bytesOf } from './segments';

const NATIVE = `0x${'0'.repeat(40)}`;

/** Where facts name a document or a token. */
const documentTables = ['datanet', 'datanet_update', 'model'] as const;
const tokenColumns = [
  ['price', 'token'],
  ['inference', 'fee_token'],
  ['pool', 'token'],
] as const;

/**
 * Asks for the documents and token data that a batch names; they are fetched by their own jobs. They are no part of the
 * chain, so a rewind leaves them, and an answer that came once serves every fork.
 */
export async function requestMetadata(
  client: ClientBase,
  chainId: number,
  rows: ReadonlyMap<FactTableName, readonly StoredRow[]>,
): Promise<void> {
  const documents = new Map<string, { hash: string; uri: string }>();
  for (const table of documentTables) {
    for (const row of rows.get(table) ?? []) {
      const hash = row[columnIndex(table, 'metadata_hash')] as string;
      const uri = row[columnIndex(table, 'metadata_uri')] as string;
      documents.set(`${hash} ${uri}`, { hash, uri });
    }
  }
  if (documents.size > 0) {
    const wanted = [...documents.values()];
    await client.query(
      `insert into document (hash, uri, uri_digest)
       select * from unnest($1::bytea[], $2::text[], $3::bytea[])
       on conflict do nothing`,
      [
        wanted.map(({ hash }) => bytesOf(hash)),
        wanted.map(({ uri }) => uri),
        wanted.map(({ uri }) => createHash('sha256').update(uri).digest()),
      ],
    );
  }
  const tokens = new Set<string>();
  for (const [table, column] of tokenColumns) {
    for (const row of rows.get(table) ?? []) tokens.add(row[columnIndex(table, column)] as string);
  }
  tokens.delete(NATIVE);
  if (tokens.size > 0) {
    await client.query(
      `insert into token (chain_id, address)
       select $1, unnest($2::bytea[])
       on conflict do nothing`,
      [chainId, [...tokens].map(bytesOf)],
    );
  }
}
