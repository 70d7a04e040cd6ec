import { openEmbedded } from '../db/embedded';
import { beginMigrating } from '../db/migrate';
import { checkDatabase, embeddedDatabase, failWith } from './database';
import { lockDataDir } from './dataDir';
import type { Demo } from './demo';
import { checkEndpoints } from './endpoint';
import { type Program, runProgram } from './lifecycle';
import { readNetworkFile } from './network';
import { openIndexer } from './openIndexer';
import { openWorkers } from './openWorkers';
import { checkPort } from './port';
import { showProgressUntil } from './progress/showProgress';
import { isReady } from './readiness';
import { writeRunning } from './runningFile';
import { openApi } from './serve';
import { openStore } from './store';

/** Everything in one process: without NETWORKS with a local chain of its own, with it on real ones. */
runProgram(async (program) => {
  const { environment, log } = program;

  // Everything that can be refused is refused before anything is written.
  const configured = environment.networks ? readNetworkFile(environment.networks) : undefined;
  await checkPort(environment.host, environment.port);
  if (environment.databaseUrl) await checkDatabase(environment.databaseUrl, 'DATABASE_URL');
  if (configured) for (const warning of await checkEndpoints(configured.chains)) log.warn(warning);

  program.own('data folder', lockDataDir(environment.dataDir));
  const databaseUrl = environment.databaseUrl ?? (await openDatabase(program));
  const demo = configured ? undefined : await openDemo(program, databaseUrl);
  const network = configured ?? demo!.network;

  const store = await openStore(program, databaseUrl, beginMigrating);
  const chainIds = network.chains.map(({ chainId }) => chainId);
  const url = await openApi(program, databaseUrl, chainIds);
  await openWorkers(program, store, network);
  await openIndexer(program, store, network);
  program.own('running file', writeRunning(environment.dataDir, { url, chainUrl: demo?.url }));

  await showProgressUntil(program, store.pool, () => isReady(url));
  if (program.ending) return;
  await demo?.startActors();
  print(url, demo?.url, environment.dataDir);
});

/** Loaded only when it is wanted: a server of real chains has no use for contracts and actors. */
async function openDemo(program: Program, databaseUrl: string): Promise<Demo> {
  const { prepareDemo } = await import('./demo.js');
  return prepareDemo(program, databaseUrl, (line) => program.progress.say(line));
}

async function openDatabase(program: Program): Promise<string> {
  const { environment } = program;
  const database = embeddedDatabase(environment);
  const server = await openEmbedded({ dataDir: environment.dataDir, database, onExit: failWith(program) });
  return program.own('Postgres', server).url;
}

function print(url: string, chainUrl: string | undefined, dataDir: string): void {
  const base = url.replace(/\/$/, '');
  const lines = [
    // As long as it took to whoever waited: installing and building happen in this process.
    `Flywheel is ready after ${process.uptime().toFixed(1)} s.`,
    `  Explorer       ${base}/`,
    `  GraphQL        ${base}/graphql`,
    `  Subscriptions  ${base.replace(/^http/, 'ws')}/graphql`,
    `  Schema         ${base}/schema.graphql`,
    ...(chainUrl ? [`  Local chain    ${chainUrl} (everything on it is made up)`] : []),
    `Ctrl-C stops it; what it knows stays in ${dataDir}.`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
