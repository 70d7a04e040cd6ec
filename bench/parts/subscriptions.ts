import { setTimeout as delay } from 'node:timers/promises';
import type { EmittedBlock } from '../chain/benchBlocks';
import { withClient } from '../database';
import { load, machineLine, residentBytes } from '../machine';
import type { Bench } from '../part';
import { ours, type Server } from '../serving/servers';
import { type GrowingLog, openGrowingLog, openLongLog, rewardsOf, subscriberAccount } from '../subscribers/changes';
import { type Crowd, openCrowd } from '../subscribers/crowd';
import { now } from '../subscribers/generator';
import { count, median, percentile, printTable } from '../table';

const REWARD = 'id role amount { amount token { symbol } } pool { id }';
const ofOneAccount = `subscription ($account: Address!) {
  rewards(where: { beneficiary: { eq: $account } }) { cursor op id at { block { number } } reward { ${REWARD} } }
}`;
const CHANGE = 'cursor op id at { block { number timestamp } transactionHash }';
const allEvents = `subscription ($after: ChangeCursor, $where: EventFilter) {
  events(after: $after, where: $where) { ${CHANGE} event { id name } }
}`;
const allRewards = `subscription ($after: ChangeCursor, $where: RewardFilter) {
  rewards(after: $after, where: $where) { ${CHANGE} reward { ${REWARD} } }
}`;
/** Before everything. */
const BEGINNING = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0]).toString('base64url');

const SUBSCRIBERS = 10_000;
const EVENTS_PER_SECOND = 1_000;
const BLOCKS_PER_SECOND = 10;
const TIMED_SECONDS = 20;
const IDENTICAL = 1_000;
const BROADCAST_EVENTS = 2_000;
const STUCK = 100;
const STUCK_EVENTS = 40_000;
const LONG_LOG = 1_000_000;
/** Of a thousand events some are. */
const RARE = ['DatanetVersionPublished', 'TrainingRunRecorded', 'ModelVersionPublished'];
const SETTLE_MS = 1_500;

type Row = [what: string, figure: string, goal: string];

/**
 * Subscriptions of one API process, which has a core; the subscribers have the other, and this process, which commits
 * the blocks as an indexer would, and Postgres run where the system puts them.
 */
export async function subscriptions(bench: Bench): Promise<void> {
  const rows: Row[] = [];
  const { only } = bench.options;
  for (const [name, measure] of Object.entries({ accounts, broadcast, stuck, resume })) {
    if (only && !only.split(',').includes(name)) continue;
    const crowd = openCrowd();
    try {
      rows.push(...(await measure(bench, crowd)));
    } finally {
      await crowd.close();
    }
  }
  console.log(`\n${machineLine()}, load ${load()}`);
  console.log('subscriptions: one API process on one core, graphql-transport-ws\n');
  printTable(['', 'measured', 'goal'], rows);
}

async function withApi<T>(
  { folder, options }: Bench,
  databaseUrl: string,
  use: (api: Server) => Promise<T>,
): Promise<T> {
  const api = await ours(databaseUrl, folder, options.profile ? folder : undefined).start();
  try {
    return await use(api);
  } finally {
    await api.child.close();
  }
}

async function withLog<T>(bench: Bench, use: (log: GrowingLog, api: Server) => Promise<T>): Promise<T> {
  const log = await openGrowingLog(bench.serverUrl);
  try {
    return await withApi(bench, log.url, (api) => use(log, api));
  } finally {
    await log.close();
  }
}

/** Each follows an account of its own, and each event is a reward of one of them. */
async function accounts(bench: Bench, crowd: Crowd): Promise<Row[]> {
  return withLog(bench, async ({ chain }, { port, child }) => {
    const people = Array.from({ length: SUBSCRIBERS }, (_, n) => subscriberAccount(n));
    const blocks = rewardsOf(people, EVENTS_PER_SECOND / BLOCKS_PER_SECOND);
    const open = (group: string, wanted: readonly string[]) => {
      const variables = wanted.map((account) => ({ account }));
      return crowd.open({ group, port, count: wanted.length, query: ofOneAccount, variables, timed: true });
    };
    // Until code is compiled and the heap has its size.
    await open('first', people.slice(0, 500));
    for (let n = 0; n < 3 * BLOCKS_PER_SECOND; n++) await chain.commit([blocks.next().value as EmittedBlock]);
    await crowd.leave('first');
    await delay(SETTLE_MS);
    const before = residentBytes(child.pid);
    const openedAt = performance.now();
    await open('all', people);
    const openMs = performance.now() - openedAt;
    await delay(SETTLE_MS);
    const connected = residentBytes(child.pid);
    const cpuBefore = child.cpuSeconds()!;
    const startedAt = performance.now();
    const committed = new Map<number, number>();
    const total = TIMED_SECONDS * BLOCKS_PER_SECOND;
    for (let n = 0; n < total; n++) {
      await delay(Math.max(0, startedAt + (n * 1_000) / BLOCKS_PER_SECOND - performance.now()));
      await chain.commit([blocks.next().value as EmittedBlock]);
      committed.set(chain.head, now());
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    const events = TIMED_SECONDS * EVENTS_PER_SECOND;
    const { arrivals } = await crowd.hears('all', events);
    const cpu = child.cpuSeconds()! - cpuBefore;
    const latencies = arrivals.map(([block, at]) => Math.max(0, at - committed.get(block)!));
    const after = residentBytes(child.pid);
    const kb = (bytes: number) => `${((bytes - before) / SUBSCRIBERS / 1_000).toFixed(1)} KB`;
    return [
      [
        `${count(SUBSCRIBERS)} account filters, ${count(events / seconds)} events/s: block committed to client, p99`,
        `${percentile(latencies, 99).toFixed(1)} ms`,
        '250 ms',
      ],
      ['  median, worst', `${median(latencies).toFixed(1)} ms, ${Math.max(...latencies).toFixed(1)} ms`, ''],
      ['  CPU of the API meanwhile', `${Math.round((cpu / seconds) * 100)}% of its core`, ''],
      [`  memory a connection, connected; after ${count(events)} events`, `${kb(connected)}; ${kb(after)}`, '25 KB'],
      ['  connected and subscribed in', `${(openMs / 1_000).toFixed(1)} s`, ''],
    ];
  });
}

/** The same subscription, as often as it has subscribers, told of blocks of one, ten and a hundred events. */
async function broadcast(bench: Bench, crowd: Crowd): Promise<Row[]> {
  return withLog(bench, async ({ chain }, { port, child }) => {
    const people = Array.from({ length: IDENTICAL }, (_, n) => subscriberAccount(n));
    await crowd.open({ group: 'all', port, count: IDENTICAL, query: allEvents, variables: [{}], timed: false });
    const rows: Row[] = [];
    let told = 0;
    for (const perBlock of [100, 10, 1]) {
      const blocks = rewardsOf(people, perBlock);
      const events = perBlock === 1 ? BROADCAST_EVENTS / 4 : BROADCAST_EVENTS;
      const batch = Array.from({ length: events / perBlock }, () => blocks.next().value as EmittedBlock);
      const cpuBefore = child.cpuSeconds()!;
      const startedAt = now();
      for (const block of batch) await chain.commit([block]);
      const committedAt = now();
      told += events * IDENTICAL;
      const { lastAt } = await crowd.hears('all', told);
      const seconds = (lastAt - startedAt) / 1_000;
      const cpu = child.cpuSeconds()! - cpuBefore;
      rows.push([
        `broadcast to ${count(IDENTICAL)}, blocks of ${perBlock}: deliveries/s (a second of its CPU; committed in)`,
        `${count((events * IDENTICAL) / seconds)} (${count((events * IDENTICAL) / cpu)}; ${((committedAt - startedAt) / 1_000).toFixed(1)} of ${seconds.toFixed(1)} s)`,
        '80,000',
      ]);
    }
    return rows;
  });
}

/** Clients that take nothing while one that does is told everything. */
async function stuck(bench: Bench, crowd: Crowd): Promise<Row[]> {
  return withLog(bench, async ({ chain }, { port, child }) => {
    const people = Array.from({ length: 100 }, (_, n) => subscriberAccount(n));
    const order = { port, query: allEvents, variables: [{}], timed: false };
    await crowd.open({ ...order, group: 'good', count: 1 });
    await crowd.open({ ...order, group: 'stuck', count: STUCK });
    const blocks = rewardsOf(people, 200);
    const grow = async (events: number) => {
      for (let n = 0; n < events / 200; n++) await chain.commit([blocks.next().value as EmittedBlock]);
    };
    await grow(STUCK_EVENTS / 2);
    await crowd.hears('good', STUCK_EVENTS / 2);
    await crowd.hears('stuck', (STUCK * STUCK_EVENTS) / 2);
    await crowd.pause('stuck');
    const memory = [residentBytes(child.pid)];
    for (let n = 1; n <= 4; n++) {
      await grow(STUCK_EVENTS / 4);
      await crowd.hears('good', STUCK_EVENTS / 2 + (n * STUCK_EVENTS) / 4);
      memory.push(residentBytes(child.pid));
    }
    await delay(8_000);
    await crowd.resume('stuck');
    let { ended, why } = await crowd.report('stuck');
    // What their sockets hold comes first.
    for (let n = 0; n < 10 && ended < STUCK; n++) {
      await delay(SETTLE_MS);
      ({ ended, why } = await crowd.report('stuck'));
    }
    const mb = (bytes: number) => (bytes / 1e6).toFixed(0);
    return [
      [
        `${STUCK} stuck subscribers, ${count(STUCK_EVENTS)} events: memory before, and after each quarter`,
        `${memory.map(mb).join(', ')} MB`,
        'flat',
      ],
      ['  ended with SLOW_CONSUMER', `${why?.includes('SLOW_CONSUMER') ? ended : `none: ${why}`} of ${STUCK}`, ''],
    ];
  });
}

/** From the beginning of a long log to its end, one client at a time. */
async function resume(bench: Bench, crowd: Crowd): Promise<Row[]> {
  const url = await openLongLog(bench.serverUrl, LONG_LOG);
  const { end, few, large, datanets } = await withClient(url, async (client) => ({
    end: Number((await client.query<{ end: string }>('select next - 1 as end from change_position')).rows[0]!.end),
    large: (await client.query<{ amount: string }>(amountOfOnePercent)).rows[0]!.amount,
    datanets: (await client.query<{ id: string }>(datanetsOfOnePercent)).rows.map(({ id }) => id),
    few: (await client.query<{ account: string }>(beneficiariesOfOnePercent)).rows.map(({ account }) => account),
  }));
  const cases: { name: string; query: string; variables?: object; goal: string }[] = [
    { name: 'events, all match', query: allEvents, goal: '20,000' },
    { name: 'rewards, all match', query: allRewards, goal: '20,000' },
    {
      name: 'rewards of some accounts',
      query: allRewards,
      variables: { where: { beneficiary: { in: few } } },
      goal: '100,000',
    },
    { name: 'rewards by amount', query: allRewards, variables: { where: { amount: { gte: large } } }, goal: '100,000' },
    {
      name: 'rewards of some datanets',
      query: allRewards,
      variables: { where: { datanet: { in: datanets } } },
      goal: '100,000',
    },
    {
      name: 'events of some accounts',
      query: allEvents,
      variables: { where: { account: { in: few } } },
      goal: '100,000',
    },
    { name: 'events by name', query: allEvents, variables: { where: { name: { in: RARE } } }, goal: '100,000' },
  ];
  return withApi(bench, url, async ({ port, child }) => {
    const rows: Row[] = [];
    for (const { name, query, variables, goal } of cases) {
      const startedAt = now();
      const cpuBefore = child.cpuSeconds()!;
      const order = { port, count: 1, query, variables: [{ ...variables, after: BEGINNING }], timed: false };
      await crowd.open({ ...order, group: name });
      const { changes, reachedAt } = await crowd.reaches(name, end);
      await crowd.leave(name);
      const seconds = (reachedAt - startedAt) / 1_000;
      const cpu = child.cpuSeconds()! - cpuBefore;
      rows.push([
        `resume over ${count(LONG_LOG)} changes, ${name}: ${count(changes)} told; changes/s`,
        `${count(LONG_LOG / seconds)} (${seconds.toFixed(1)} s, CPU ${cpu.toFixed(1)} s)`,
        goal,
      ]);
    }
    return rows;
  });
}

/** So much or more have a few in a hundred rewards, and so fewer than one in a hundred changes. */
const amountOfOnePercent = 'select percentile_disc(0.99) within group (order by amount)::text as amount from reward';

/** For contributions to which is one in a hundred changes, or nearly: no index finds what is of them. */
const datanetsOfOnePercent = `
  select 'datanet:' || chain_id || ':' || c.datanet_id as id
  from reward r
  join contribution c using (chain_id, contribution_id)
  group by chain_id, c.datanet_id
  order by abs(count(*) - ${LONG_LOG / 500})
  limit 5`;

/** Whose rewards are one in a hundred. */
const beneficiariesOfOnePercent = `
  select '0x' || encode(beneficiary, 'hex') as account
  from (
    select beneficiary, sum(count(*)) over (order by count(*) desc, beneficiary) as so_far,
      sum(count(*)) over () as total
    from reward group by beneficiary having count(*) < 2000
  ) b
  where so_far < total / 100`;
