import { judgeHeader } from '../indexer/verify/headerHash';
import { receiptsRoot } from '../indexer/verify/receiptsRoot';
import { messageOf } from '../schema/appError';
import type { ChainConfig } from '../schema/networkFile';
import type { Say } from './doctor';

type Ask = (method: string, params?: unknown[]) => Promise<unknown>;
type Json = Record<string, unknown>;

/** Whether what this endpoint says can be proven (ARCHITECTURE.md, Proven complete), at the head and where history begins. */
export async function examineProofs(chain: ChainConfig, head: Json, about: string, ask: Ask, say: Say): Promise<void> {
  const standing = judgeHeader(head);
  if (standing === 'proven') say('ok', about, 'the hash of a block is that of its fields');
  else if (standing === 'wrong') {
    say(
      'wrong',
      about,
      `block ${Number(head['number'])} has fields that its hash is not made of`,
      'use another endpoint',
    );
  } else {
    say(
      'warning',
      about,
      `the hash of block ${Number(head['number'])} can't be made from the fields that are known`,
      'blocks are taken at the word of the endpoint, and verifiedTo stays behind; a newer version may know the fields',
    );
  }
  await examineReceipts(head, about, ask, say);
  await examineHistory(chain, about, ask, say);
}

async function examineReceipts(head: Json, about: string, ask: Ask, say: Say): Promise<void> {
  let receipts: unknown;
  try {
    receipts = await ask('eth_getBlockReceipts', [head['hash']]);
    if (!Array.isArray(receipts)) throw new Error('no list came back');
  } catch (error) {
    say(
      'warning',
      about,
      `no eth_getBlockReceipts: ${messageOf(error)}`,
      'receipts are asked for one by one, which costs a request for each transaction; where that fails too, a log that ' +
        'the endpoint leaves out is not found',
    );
    return;
  }
  const root = receiptsRoot(receipts as Json[]);
  if (root === head['receiptsRoot']) {
    say('ok', about, 'eth_getBlockReceipts works: blocks are checked against receiptsRoot');
  } else if (root === undefined) {
    say('warning', about, 'receipts of a type that is not known', 'such blocks are checked against their bloom alone');
  } else say('wrong', about, 'the receipts of its newest block are not those of its header', 'use another endpoint');
}

/** Pruned nodes have headers or logs of the last blocks only. */
async function examineHistory({ startBlock, verify }: ChainConfig, about: string, ask: Ask, say: Say): Promise<void> {
  const at = `0x${startBlock.toString(16)}`;
  const block = (await ask('eth_getBlockByNumber', [at, false]).catch(() => null)) as Json | null;
  const fails = (method: string, params: unknown[]) =>
    ask(method, params).then(
      (answer) => (Array.isArray(answer) ? undefined : 'no list came back'),
      (error) => messageOf(error),
    );
  if (!block) {
    say('wrong', about, `has no block ${startBlock}, where the chain starts`, 'use an endpoint that keeps history');
    return;
  }
  const noLogs = await fails('eth_getLogs', [{ fromBlock: at, toBlock: at }]);
  if (noLogs) {
    say('wrong', about, `no logs of block ${startBlock}: ${noLogs}`, 'use an endpoint that keeps history');
    return;
  }
  const noReceipts = verify.history === 'off' ? undefined : await fails('eth_getBlockReceipts', [block['hash']]);
  if (noReceipts) {
    say(
      'warning',
      about,
      `no receipts of block ${startBlock}: ${noReceipts}`,
      'the audit of history finds made-up logs there, but not every one that is left out',
    );
  } else say('ok', about, `keeps history from block ${startBlock} on`);
}
