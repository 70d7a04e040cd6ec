import { startDocumentWorker } from '../indexer/documents/worker';
import { startWorker } from '../indexer/worker';
import type { NetworkFile } from '../schema/networkFile';
import type { Program } from './lifecycle';
import type { Store } from './store';

/** Fetches ranges, documents and token data: the parts of which any number may run. */
export async function openWorkers(program: Program, { pool, queues }: Store, network: NetworkFile): Promise<void> {
  const { environment, log } = program;
  program.own('range worker', await startWorker({ network, pool, queues, log }));
  const { ipfsGateway } = environment;
  program.own('document worker', startDocumentWorker({ network, pool, queues, ipfsGateway, log }));
}
