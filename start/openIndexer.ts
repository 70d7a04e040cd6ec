import { announceOnRedis } from '../db/wakeups';
import { startIndexer } from '../indexer/indexer';
import type { NetworkFile } from '../schema/networkFile';
import type { Program } from './lifecycle';
import type { Store } from './store';

export async function openIndexer(program: Program, store: Store, network: NetworkFile): Promise<void> {
  const { changesRetentionMs, redisUrl } = program.environment;
  if (redisUrl) {
    const onLost = (reason: string) => program.log.warn({ reason }, 'changes are not announced on Redis for now');
    program.own('announcer', announceOnRedis(store.databaseUrl, redisUrl, onLost));
  }
  program.own('indexer', await startIndexer({ ...store, network, changesRetentionMs, log: program.log }));
}
