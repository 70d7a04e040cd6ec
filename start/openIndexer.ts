import { startIndexer } from '../indexer/indexer';
import type { NetworkFile } from '../schema/networkFile';
import type { Program } from './lifecycle';
import type { Store } from './store';

export async function openIndexer(program: Program, store: Store, network: NetworkFile): Promise<void> {
  const { changesRetentionMs } = program.environment;
  program.own('indexer', await startIndexer({ ...store, network, changesRetentionMs, log: program.log }));
}
