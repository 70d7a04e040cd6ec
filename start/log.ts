import pino, { type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Environment } from './environment';
import type { StatusLine } from './progress/statusLine';

/** Written synchronously, so that the last lines before an exit are not lost; above a line of progress. */
export function createLog({ level, format }: Environment['log'], status: StatusLine): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === 'json') return pino(options, pino.destination({ fd: 1, sync: true }));
  const pretty = prettyFactory({ colorize: status.isThere, translateTime: 'SYS:HH:MM:ss' });
  return pino(options, { write: (line) => status.print(pretty(line)) });
}
