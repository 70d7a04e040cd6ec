import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Environment } from './environment';

/** Written synchronously, so that the last lines before an exit are not lost. */
export function createLog({ level, format }: Environment['log']): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === 'json') return pino(options, pino.destination({ fd: 1, sync: true }));
  return pino(options, pretty({ sync: true, colorize: process.stdout.isTTY === true, translateTime: 'SYS:HH:MM:ss' }));
}
