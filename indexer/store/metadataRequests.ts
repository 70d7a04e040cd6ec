import { createHash } from 'node:crypto';
import type { EventFact } from './eventFacts';
import { columnIndex, type FactTableName } from './factTables';
import { bytesOf } from './segments';
import type { Together } from './together';

const NATIVE = `0x${'0'.repeat(40)}`;

/** Where facts name a document or a token. */
const documents = new Map(
  (['datanet', 'datanet_update', 'model'] as const).map((table) => [
    table as FactTableName,
    { hash: columnIndex(table, 'metadata_hash'), uri: columnIndex(table, 'metadata_uri') },
  ]),
);
const tokens = new Map<FactTableName, number>([
  ['price', columnIndex('price', 'token')],
  ['inference', columnIndex('inference', 'fee_token')],
  ['pool', columnIndex('pool', 'token')],
]);

/**
 * The documents and token data that a batch names; they are fetched by their own jobs. They are no part of the chain, so
 * a rewind leaves them, and an answer that came once serves every fork.
 */
export class MetadataRequests {
  private readonly documents = new Map<string, { hash: string; uri: string }>();
  private readonly tokens = new Set<string>();

  note(fact: EventFact): void {
    const document = documents.get(fact.table);
    if (document) {
      const hash = fact.value(document.hash) as string;
      const uri = fact.value(document.uri) as string;
      this.documents.set(`${hash} ${uri}`, { hash, uri });
    }
    const token = tokens.get(fact.table);
    if (token !== undefined) this.tokens.add(fact.value(token) as string);
  }

  /** Asks for what is not known yet, in the transaction of the facts. */
  write(together: Together, chainId: number): void {
    this.tokens.delete(NATIVE);
    if (this.documents.size > 0) {
      const wanted = [...this.documents.values()];
      together.add(
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
    if (this.tokens.size > 0) {
      together.add(
        `insert into token (chain_id, address)
         select $1, unnest($2::bytea[])
         on conflict do nothing`,
        [chainId, [...this.tokens].map(bytesOf)],
      );
    }
  }
}
