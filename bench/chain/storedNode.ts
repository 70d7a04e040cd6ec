// An entry: a JSON-RPC node over HTTP that serves a stored chain, in a process of its own. Says its port when it listens.
//   storedNode.js FILE CHAIN_ID
import { createServer } from 'node:http';
import { answerCalls, type Methods } from './answerCalls';
import { logsByTransaction, receiptsOf, StoredChain } from './storedChain';

const [file, chainId] = process.argv.slice(2) as [string, string];
const chain = new StoredChain(file);
const numbers = new Map(chain.index.hashes.map((hash, number) => [hash, number]));

/** A block by tag, number or hash. */
function numberOf(block: unknown): number {
  const named = typeof block === 'object' && block !== null ? (block as { blockHash?: unknown }).blockHash : block;
  if (named === 'earliest') return 0;
  if (typeof named !== 'string' || !named.startsWith('0x')) return chain.head;
  return named.length === 66 ? (numbers.get(named) ?? -1) : Number(named);
}

function logsOf(filter: { fromBlock?: unknown; toBlock?: unknown; blockHash?: unknown }): string {
  const [from, to] = filter.blockHash
    ? [numberOf(filter.blockHash), numberOf(filter.blockHash)]
    : [numberOf(filter.fromBlock), Math.min(numberOf(filter.toBlock), chain.head)];
  const found: string[] = [];
  for (let number = from; number <= to; number++) {
    const logs = chain.block(number)?.logs;
    if (logs) found.push(logs);
  }
  return `[${found.join(',')}]`;
}

function receipts(number: number): string {
  const block = chain.block(number);
  if (!block) return 'null';
  return JSON.stringify(receiptsOf(logsByTransaction(block.logs)));
}

const methods: Methods = {
  eth_chainId: () => JSON.stringify(`0x${Number(chainId).toString(16)}`),
  eth_blockNumber: () => JSON.stringify(`0x${chain.head.toString(16)}`),
  eth_getBlockByNumber: ([block]) => chain.block(numberOf(block))?.header ?? 'null',
  eth_getBlockByHash: ([block]) => chain.block(numberOf(block))?.header ?? 'null',
  eth_getLogs: ([filter]) => logsOf((filter ?? {}) as object),
  eth_getBlockReceipts: ([block]) => receipts(numberOf(block)),
};

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const said = answerCalls(methods, body);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(said) });
    response.end(said);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as { port: number }).port);
});
process.on('disconnect', () => process.exit(0));
