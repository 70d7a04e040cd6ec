import { keccak256, toUtf8Bytes } from 'ethers';
import type { Pool } from 'pg';
import type { Oracle } from '../oracle/model';

/** Stores what the document worker would have fetched of the datanets' and models' metadata. */
export async function storeDocuments(pool: Pool, oracle: Oracle): Promise<void> {
  for (const { name, description, metadataHash, metadataURI } of [...oracle.datanets(), ...oracle.models()]) {
    if (name === null && description === null) continue;
    const uri = String(metadataURI);
    await pool.query(
      `insert into document (hash, uri, state, name, description, uri_digest)
       values (decode(substr($1, 3), 'hex'), $2, 'fetched', $3, $4, decode(substr($5, 3), 'hex'))
       on conflict (hash, uri_digest) do update set state = 'fetched', name = excluded.name,
         description = excluded.description`,
      [metadataHash, uri, name, description, keccak256(toUtf8Bytes(uri))],
    );
  }
}
