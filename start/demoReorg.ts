import { reorg } from '../demo/reorg';
import { AppError } from '../schema/appError';
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
  await reorg({ url: chainUrl, depth });
  process.stdout.write(`Replaced the last ${depth} blocks of the local chain: watch the indexer rewind.\n`);
  return 0;
});
