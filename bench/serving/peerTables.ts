import type { Client } from 'pg';
import { connect } from '../database';

/** Where the peers have their tables, beside ours in the same database. */
const SUBSQUID_SERVED = 'subsquid_served';
export const PONDER_SERVED = 'ponder_served';
/** Its tools know no schema: a role whose tables are looked for there. */
const SUBSQUID_ROLE = 'bench_subsquid';
const PASSWORD = 'bench';

export function subsquidUrl(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = SUBSQUID_ROLE;
  url.password = PASSWORD;
  return url.href;
}

/** The tables and indexes are those that its tools make; the rows are ours, copied in one statement. Once. */
export async function fillSubsquid(databaseUrl: string, makeTables: () => Promise<void>): Promise<void> {
  await filled(databaseUrl, SUBSQUID_SERVED, async (client) => {
    await client.query(`drop schema if exists ${SUBSQUID_SERVED} cascade`);
    const { rows } = await client.query(`select from pg_roles where rolname = '${SUBSQUID_ROLE}'`);
    if (rows.length === 0) await client.query(`create role ${SUBSQUID_ROLE} login password '${PASSWORD}'`);
    await client.query(`
      create schema ${SUBSQUID_SERVED} authorization ${SUBSQUID_ROLE};
      alter role ${SUBSQUID_ROLE} set search_path = ${SUBSQUID_SERVED}`);
    await makeTables();
    await client.query(`
      insert into ${SUBSQUID_SERVED}.reward (id, block_number, log_index, timestamp, tx_hash, pool_id, beneficiary, ref,
        role, contribution_id, amount, epoch)
      select lpad(block_of(r.pos)::text, 10, '0') || '-' || lpad((r.pos & 4194303)::text, 6, '0') || '-'
        || substr(encode(b.hash, 'hex'), 1, 5), ${FIELDS}
      ${FROM}`);
  });
}

/** The same for Ponder, whose triggers, which keep what a reorg would need, are not asked. */
export async function fillPonder(databaseUrl: string, makeTables: () => Promise<void>): Promise<void> {
  await filled(databaseUrl, PONDER_SERVED, async (client) => {
    await client.query(`drop schema if exists ${PONDER_SERVED} cascade`);
    await makeTables();
    await client.query(`
      set session_replication_role = replica;
      truncate ${PONDER_SERVED}.reward;
      insert into ${PONDER_SERVED}.reward (block_number, log_index, timestamp, tx_hash, pool_id, beneficiary, ref, role,
        contribution_id, amount, epoch)
      select ${FIELDS}
      ${FROM};
      reset session_replication_role`);
  });
}

const hex = (column: string) => `'0x' || encode(${column}, 'hex')`;

const FIELDS = `block_of(r.pos)::integer, (r.pos & 4194303)::integer, b.timestamp, ${hex('e.tx_hash')},
  ${hex('r.pool_id')}, ${hex('r.beneficiary')}, ${hex('r.ref')}, r.role, r.contribution_id, r.amount, r.epoch`;

const FROM = `
  from public.reward r
  join public.block b on b.chain_id = r.chain_id and b.number = block_of(r.pos)
  join public.event e on e.chain_id = r.chain_id and e.pos = r.pos
  order by r.pos`;

const DONE = 'filled';

async function filled(databaseUrl: string, schema: string, fill: (client: Client) => Promise<void>): Promise<void> {
  const client = await connect(databaseUrl);
  try {
    const { rows } = await client.query<{ done: boolean }>(
      `select exists (
         select from pg_namespace where nspname = $1 and obj_description(oid, 'pg_namespace') = '${DONE}'
       ) as done`,
      [schema],
    );
    if (rows[0]!.done) return;
    console.log(`Filling ${schema} (once) ...`);
    await client.query(`set synchronous_commit = off; set work_mem = '256MB'`);
    await fill(client);
    await client.query(`vacuum (analyze) ${schema}.reward`);
    await client.query(`comment on schema ${schema} is '${DONE}'`);
  } finally {
    await client.end();
  }
}
