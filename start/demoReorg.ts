import { reorg } from '../demo/reorg';
import { AppError, messageOf } from '../schema/appError';
import { runProgram } from './lifecycle';
import { readRunning } from './runningFile';

runProgram(async ({ environment }) => {
  const { chainUrl } = readRunning(environment.dataDir) ?? {};
  if (!chainUrl) {
    throw new AppError(
      'CONFIG',
      `No local chain runs on DATA_DIR ${environment.dataDir}: start it with npm start, without NETWORKS.`,
    );
  }
  const depth = Number(process.argv[2] ?? 3);
  if (!Number.isInteger(depth) || depth < 1 || depth > 30) {
    throw new AppError('CONFIG', `Expected a depth from 1 to 30 blocks, got ${process.argv[2]}.`);
  }
  const { before, after, dropped } = await reorg({ url: chainUrl, depth }).catch((cause) => {
    throw new AppError('CONFIG', `The local chain could not be reorganized: ${messageOf(cause)}`, { cause });
  });
  process.stdout.write(
    `Replaced the last ${depth} blocks of the local chain (${dropped} transactions are gone): block ${before.number} was ` +
      `${before.hash}, block ${after.number} is ${after.hash}.\n`,
  );
  return 0;
});
