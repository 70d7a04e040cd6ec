import type { Logger } from 'pino';
import { AppError, messageOf } from '../schema/appError';
import { type Environment, parseEnvironment } from './environment';
import { createLog } from './log';
import { ProgressReport } from './progress/progressReport';
import { StatusLine } from './progress/statusLine';

export interface Closable {
  close(): Promise<void>;
}

/** What an entry gets: its configuration, and a place to leave what it opened. */
export interface Program {
  environment: Environment;
  log: Logger;
  /** Where it says how far history is. */
  progress: ProgressReport;
  /** Closed when the program ends, the last one first. */
  own<T extends Closable>(name: string, part: T): T;
  /** Whether it is closing already. */
  readonly ending: boolean;
  /** Something that was opened broke for good: closes the rest and exits with 1. */
  fail(error: unknown): void;
}

/** In-flight requests have this long to finish; then the process ends regardless. */
const closeLimitMs = 9_500;
/** npm passes Ctrl-C on to a process that got it from the terminal already; a later one is impatience. */
const sameSignalMs = 1_500;

/**
 * Runs an entry: 0 after SIGTERM or SIGINT, or when `open` resolves with a number, that number; 2 with one sentence for
 * what the configuration got wrong; 1 for the unexpected. Parts are closed in reverse order in every case.
 */
export function runProgram(open: (program: Program) => Promise<unknown>): void {
  let environment: Environment;
  try {
    environment = parseEnvironment(process.env, process.stdout.isTTY === true);
  } catch (error) {
    process.exit(report(error));
  }
  const status = new StatusLine(process.stdout);
  const log = createLog(environment.log, status);
  const progress = new ProgressReport(status, log, environment.log.format === 'json');
  const parts: { name: string; part: Closable }[] = [];
  let closingSince: number | undefined;

  const end = async (code: number): Promise<void> => {
    if (closingSince !== undefined) return;
    closingSince = Date.now();
    progress.end();
    setTimeout(() => {
      log.warn(`Not everything closed within ${closeLimitMs} ms`);
      process.exit(code);
    }, closeLimitMs);
    for (let last = parts.pop(); last; last = parts.pop()) {
      const { name, part } = last;
      log.debug(`Closing ${name}`);
      await part.close().catch((error) => log.error({ err: error }, `Closing ${name} failed`));
    }
    process.exit(code);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (closingSince !== undefined && Date.now() - closingSince > sameSignalMs) process.exit(1);
    if (closingSince === undefined) log.info(`${signal}: closing`);
    void end(0);
  };
  const fail = (error: unknown): void => {
    // What breaks while everything is being closed is a consequence of that.
    if (closingSince !== undefined) return;
    void end(report(error, log));
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  // Whoever read our output may leave before us.
  process.stdout.on('error', () => undefined);

  const own = <T extends Closable>(name: string, part: T): T => {
    // Opened while the program is already closing: nobody else would close it.
    if (closingSince !== undefined) void part.close().catch(() => undefined);
    else parts.push({ name, part });
    return part;
  };
  const program: Program = {
    environment,
    log,
    progress,
    own,
    fail,
    get ending() {
      return closingSince !== undefined;
    },
  };
  open(program).then((code) => {
    if (typeof code === 'number') void end(code);
  }, fail);
}

/** For pools and queues, which connect again by themselves: said once each time, and not while they are being closed. */
export function brokenConnection(program: Program): (error: Error) => void {
  return (error) => {
    if (!program.ending) program.log.warn(`A connection broke: ${messageOf(error)}`);
  };
}

/** Says what happened, one sentence where the person who started us can do something about it; returns the exit code. */
function report(error: unknown, log?: Logger): number {
  if (error instanceof AppError && error.code === 'CONFIG') {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (log) log.fatal({ err: error }, messageOf(error));
  else process.stderr.write(`${messageOf(error)}\n`);
  return 1;
}
