import { migrate } from '../../db/migrate';
import { openPool } from '../../db/pool';
import { buildIndexes, deferIndexes } from '../../indexer/store/deferredIndexes';
import { benchBlocks, type EmittedBlock, emittedLog, HISTORY_VERSION } from '../chain/benchBlocks';
import { at, diceOf, NO_REF, OPEN, person, poolId } from '../chain/cast';
import { type CommittedChain, openCommittedChain } from '../chain/committedChain';
import { connect, emptyDatabase, withClient } from '../database';

/** Of a block of history; near the head each block is a commit. */
const BLOCKS_AT_ONCE = 25;
const SETTING_EVENTS = 5_000;

/** A database whose log of changes goes on: what subscribers are told of is committed by this process. */
export interface GrowingLog {
  url: string;
  chain: CommittedChain;
  close(): Promise<void>;
}

/** With some thousand events of the loop, so that what follows has something to refer to. */
export async function openGrowingLog(serverUrl: string): Promise<GrowingLog> {
  const url = await emptyDatabase(serverUrl, 'bench_subscriptions');
  const pool = openPool(url, { max: 1 });
  await migrate(pool).finally(() => pool.end());
  const client = await connect(url);
  const chain = await openCommittedChain(client);
  await chain.commit([...benchBlocks(SETTING_EVENTS)], true);
  await client.query('analyze');
  return { url, chain, close: () => client.end() };
}

/** A database with so many events, each a change in the log, as a backfill leaves it. Made once, then kept. */
export async function openLongLog(serverUrl: string, events: number): Promise<string> {
  const name = `bench_changes_${events}`;
  const url = new URL(`/${name}`, serverUrl).href;
  const stamp = `changes ${HISTORY_VERSION}`;
  const { rows } = await withClient(serverUrl, (client) =>
    client.query<{ made: string | null }>(
      `select shobj_description(oid, 'pg_database') as made from pg_database where datname = $1`,
      [name],
    ),
  );
  const pool = openPool(url, { max: 2 });
  try {
    if (rows[0]?.made === stamp) {
      await migrate(pool);
      return url;
    }
    console.log(`Making a log of ${events} changes (once) ...`);
    await emptyDatabase(serverUrl, name);
    await migrate(pool);
    await withClient(url, async (client) => {
      await client.query('set synchronous_commit = off');
      await deferIndexes(client);
      const chain = await openCommittedChain(client);
      let blocks: EmittedBlock[] = [];
      let commits = 0;
      for (const block of benchBlocks(events)) {
        blocks.push(block);
        if (blocks.length < BLOCKS_AT_ONCE) continue;
        await chain.commit(blocks, true);
        blocks = [];
        commits += 1;
        if ((commits & (commits - 1)) === 0) await client.query('analyze');
      }
      await chain.commit(blocks, true);
      await buildIndexes(client, pool);
      await client.query('vacuum (analyze)');
      await client.query(`comment on database ${name} is '${stamp}'`);
    });
    return url;
  } finally {
    await pool.end();
  }
}

/** Blocks of so many rewards each, of people who take turns: everybody's first, then everybody's second. */
export function* rewardsOf(people: readonly string[], perBlock: number): Generator<EmittedBlock> {
  const dice = diceOf(2);
  const order = people.map((each) => ({ each, throw: dice.below(1 << 30) })).sort((a, b) => a.throw - b.throw);
  for (let n = 0; ; ) {
    const block: EmittedBlock = [];
    for (const end = n + perBlock; n < end; n++) {
      const account = order[n % order.length]!.each;
      const values = [poolId('datanet', BigInt(1 + (n % 100))), account, NO_REF, 0, 0n, OPEN + BigInt(n), 1n];
      block.push([emittedLog(at('RewardLedger', 'RewardAccrued', ...values))]);
    }
    yield block;
  }
}

export const subscriberAccount = (n: number) => person('subscriber', n);
