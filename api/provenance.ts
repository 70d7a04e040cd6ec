import { blockOf, logIndexOf } from '../schema/position';
import type { Context } from './context';
import { placedId } from './ids';
import { beside } from './queries/beside';
import { sql } from './sql';
import { blockOfRow } from './types/block';
import type { Provenance } from './types/provenance';

export interface ProvenanceRow {
  chain_id: number;
  pos: bigint;
  tx_hash: Buffer;
  contract: Buffer;
  name: string;
  hash: Buffer;
  timestamp: bigint;
}

const columns = sql`e.chain_id, e.pos, e.tx_hash, e.contract, t.name, b.hash, b.timestamp`;
/** Every event has one: of `left join` Postgres leaves out what nothing is read of. */
const joinedType = sql`left join event_type t on t.id = e.event_type`;

/** Of the event at the position of a list's row, whose block the list reads; nodeOf gives a row for `provenanceOfRow`. */
export const provenanceBeside = beside<ProvenanceRow, ProvenanceRow>(
  'event',
  'pos',
  {
    all: columns,
    key: ['chain_id', 'pos'],
    byField: {
      __typename: [],
      block: ['hash', 'timestamp'],
      transactionHash: ['tx_hash'],
      logIndex: [],
      contract: ['contract'],
      event: ['name'],
      eventId: [],
      timestamp: ['timestamp'],
    },
  },
  sql`event e ${joinedType}
    where e.chain_id = y.chain_id and e.pos = y.list_pos`,
  (row) => row,
);

/** Where the event at that position stands. Every fact has its event and its block, so a missing one is a fault. */
export function provenanceAt(context: Context, chainId: number, pos: bigint): Promise<Provenance> {
  return context
    .loader<{ chainId: number; pos: bigint }, Provenance>(
      'provenance',
      async (keys) => {
        const rows = await context.snapshot.query<ProvenanceRow>(sql`
          select ${columns}
          from unnest(${keys.map((key) => key.chainId)}::integer[], ${keys.map((key) => key.pos)}::bigint[])
            as k (chain_id, pos)
          join event e on e.chain_id = k.chain_id and e.pos = k.pos
          ${joinedType}
          left join block b on b.chain_id = e.chain_id and b.number = block_of(e.pos)`);
        const found = new Map(rows.map((row) => [`${row.chain_id}:${row.pos}`, row]));
        return keys.map((key) => {
          const row = found.get(`${key.chainId}:${key.pos}`);
          if (!row) throw new Error(`no event at position ${key.pos} of chain ${key.chainId}`);
          return provenanceOfRow(context, row);
        });
      },
      (key) => `${key.chainId}:${key.pos}`,
    )
    .load({ chainId, pos });
}

export function provenanceOfRow(context: Context, row: ProvenanceRow): Provenance {
  const number = BigInt(blockOf(row.pos));
  return {
    block: blockOfRow(context, { chain_id: row.chain_id, number, hash: row.hash, timestamp: row.timestamp }),
    transactionHash: row.tx_hash,
    logIndex: logIndexOf(row.pos),
    contract: row.contract,
    event: row.name,
    eventId: placedId('event', row.chain_id, row.pos),
    timestamp: row.timestamp,
  };
}
