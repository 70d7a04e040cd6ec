import path from 'node:path';
import { messageOf } from '../../schema/appError';
import { startChild } from '../child';
import { connect } from '../database';
import { openEconomy } from '../economy/openEconomy';
import { load, machineLine } from '../machine';
import type { Bench } from '../part';
import { peerProject } from '../peerProject';
import { type Case, ownCases, rewardsOfAccount } from '../serving/cases';
import { loadServer } from '../serving/load';
import { fillPonder, fillSubsquid, PONDER_SERVED, subsquidUrl } from '../serving/peerTables';
import { ask, ours, ponderServer, type Served, type Server, subsquidServer } from '../serving/servers';
import { runPonder } from '../systems/ponder';
import { count, median, percentile, printTable } from '../table';

const CONNECTIONS = 16;
const WARM_UP_MS = 1_500;
const MEASURED_MS = 3_000;
/** Answers that are compared before anything is timed. */
const COMPARED = 50;
/** Of answers that differ. */
const SHOWN = 1_000;

interface Round {
  perSecond: number;
  p50: number;
  p99: number;
  /** Of the server's process, in ms a request; undefined on other systems than Linux. */
  cpuMs: number | undefined;
  /** Of the first answer, where the others are remembered. */
  firstMs?: number;
}

/**
 * What the API answers in a second, and how late, on a year of an economy: beside Subsquid and Ponder on the same rows
 * with --peers, where a list of rewards is asked for that all of them have. A server has a core, the generator the other.
 */
export async function api(bench: Bench): Promise<void> {
  const { folder, serverUrl, options } = bench;
  const databaseUrl = await openEconomy(serverUrl, options.rewards);
  const served = [ours(databaseUrl, folder, options.profile ? folder : undefined)];
  if (options.peers) served.push(...(await peers(bench, databaseUrl)));
  const client = await connect(databaseUrl);
  const figures: { served: Served; rounds: Round[] }[] = served.map((each) => ({ served: each, rounds: [] }));
  const own = new Map<Case, Round[]>(ownCases.map((each) => [each, []]));
  try {
    const accounts = await rewardsOfAccount.variables(client, 0);
    await compare(served, accounts.slice(0, COMPARED));
    for (let round = 0; round < options.rounds; round++) {
      for (const { served: each, rounds } of figures) {
        await withServer(each, async (server) => {
          rounds.push(await measure(folder, server, each.query, accounts));
          if (each !== served[0]) return;
          for (const [one, ownRounds] of own) {
            try {
              ownRounds.push(await measureCase(folder, server, one, await one.variables(client, round)));
            } catch (error) {
              // An answer that is an error has no time: it is said, and the others are measured all the same.
              console.log(`NOT MEASURED: ${one.name}: ${messageOf(error)}`);
              own.delete(one);
            }
          }
        });
      }
      console.log(`round ${round + 1} of ${options.rounds} (load ${load()})`);
    }
  } finally {
    await client.end();
  }
  console.log(`\n${machineLine()}, load ${load()}`);
  console.log(
    `api: ${count(options.rewards)} rewards, ${CONNECTIONS} connections, medians of ${options.rounds} rounds\n`,
  );
  const [first] = figures;
  printTable(
    [rewardsOfAccount.name, ...FIGURES, 'ours to it'],
    figures.map(({ served: { name }, rounds }) => [
      name,
      ...figuresOf(rounds),
      `${(middle(first!.rounds, 'perSecond') / middle(rounds, 'perSecond')).toFixed(2)}x`,
    ]),
  );
  console.log('');
  printTable(
    ['ours', ...FIGURES, 'first', 'goal'],
    [...own].map(([{ name, goal }, rounds]) => [
      name,
      ...figuresOf(rounds),
      rounds[0]?.firstMs === undefined ? '' : `${median(rounds.map(({ firstMs }) => firstMs!)).toFixed(0)} ms`,
      goal,
    ]),
  );
}

const middle = (rounds: readonly Round[], figure: 'perSecond' | 'p50' | 'p99') =>
  median(rounds.map((round) => round[figure]));

const FIGURES = ['requests/s', 'p50', 'p99', "the server's CPU a request"];

function figuresOf(rounds: readonly Round[]): string[] {
  const cpu = rounds.flatMap(({ cpuMs }) => cpuMs ?? []);
  return [
    count(middle(rounds, 'perSecond')),
    `${middle(rounds, 'p50').toFixed(1)} ms`,
    `${middle(rounds, 'p99').toFixed(1)} ms`,
    cpu.length > 0 ? `${median(cpu).toFixed(2)} ms` : '',
  ];
}

async function withServer(served: Served, use: (server: Server) => Promise<void>): Promise<void> {
  const server = await served.start();
  try {
    await use(server);
  } finally {
    await server.child.close();
  }
}

/** @throws Error when two of them answer differently */
async function compare(served: readonly Served[], accounts: readonly object[]): Promise<void> {
  let reference: { name: string; answers: string[] } | undefined;
  for (const each of served) {
    await withServer(each, async ({ port, path: where }) => {
      const answers: string[] = [];
      for (const variables of accounts) {
        const rewards = each.rewardsIn(await ask(port, where, each.query, variables));
        answers.push(JSON.stringify(rewards.map((reward) => Object.entries(reward).sort())));
      }
      reference ??= { name: each.name, answers };
      const { name, answers: expected } = reference;
      const at = answers.findIndex((answer, i) => answer !== expected[i]);
      if (at >= 0) {
        const [one, other] = [expected[at]!, answers[at]!].map((answer) => answer.slice(0, SHOWN));
        throw new Error(`${name} and ${each.name} differ:\n${one}\n${other}`);
      }
      console.log(`${each.name}: ${answers.length} answers${each.name === name ? '' : ', the same'}`);
    });
  }
}

async function measureCase(
  folder: string,
  server: Server,
  { query, isRemembered }: Case,
  variables: readonly object[],
): Promise<Round> {
  const startedAt = performance.now();
  if (isRemembered) await ask(server.port, server.path, query, variables[0]);
  const firstMs = performance.now() - startedAt;
  return { ...(await measure(folder, server, query, variables)), ...(isRemembered ? { firstMs } : {}) };
}

async function measure(
  folder: string,
  { port, path: where, child }: Server,
  query: string,
  variables: readonly object[],
): Promise<Round> {
  const before = child.cpuSeconds();
  const { latencies, seconds, asked } = await loadServer(folder, {
    port,
    path: where,
    bodies: variables.map((each) => JSON.stringify({ query, variables: each })),
    connections: CONNECTIONS,
    warmUpMs: WARM_UP_MS,
    ms: MEASURED_MS,
  });
  const after = child.cpuSeconds();
  return {
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    cpuMs: before === undefined || after === undefined ? undefined : ((after - before) * 1_000) / asked,
  };
}

/** Of a chain that makes Ponder make its tables. */
const FEW_EVENTS = 200;

async function peers(bench: Bench, databaseUrl: string): Promise<Served[]> {
  const { folder } = bench;
  const [subsquid, ponder] = [await peerProject('subsquid', folder), await peerProject('ponder', folder)];
  await fillSubsquid(databaseUrl, async () => {
    const env = { DB_URL: subsquidUrl(databaseUrl) };
    const made = startChild(path.join(subsquid, 'lib', 'createTables.js'), { cwd: subsquid, env });
    if ((await made.exited) !== 0) throw new Error("Subsquid's tables could not be made");
  });
  await fillPonder(databaseUrl, async () => {
    const chain = await bench.openChain(FEW_EVENTS);
    const logFile = path.join(folder, 'ponder.log');
    await runPonder({ project: ponder, databaseUrl, chain, urls: 1, schema: PONDER_SERVED, logFile });
  });
  return [subsquidServer(subsquid, databaseUrl, folder), ponderServer(ponder, databaseUrl, folder)];
}
