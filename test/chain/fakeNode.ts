import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toQuantity } from 'ethers';
import type { FakeBlock, FakeLog } from './fakeBlock';
import type { FakeChain } from './fakeChain';

export interface FakeRequest {
  id: number;
  method: string;
  params: unknown[];
}

/** Answers a whole HTTP request in place of the node; `honest` is what it would have said, ready to be bent. */
export type Lie = (requests: FakeRequest[], honest: FakeAnswer[], response: ServerResponse) => void;
export type FakeAnswer = { jsonrpc: '2.0'; id: number; result?: unknown; error?: { code: number; message: string } };

/** A node over HTTP that serves a FakeChain: honest unless told otherwise. */
export interface FakeNode {
  url: string;
  /** HTTP requests answered so far. */
  readonly answered: number;
  /** Asked before every answer; a lie that it returns answers in place of the node. */
  lie: (requests: readonly FakeRequest[]) => Lie | undefined;
  /** What `latest` means; the chain's head unless a node is told to lag. */
  latest: () => FakeBlock;
  /** Depths behind latest of the tags; a tag without one isn't known. */
  tags: { safe?: number; finalized?: number };
  close(): Promise<void>;
}

export async function startFakeNode(chain: FakeChain): Promise<FakeNode> {
  let answered = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const parsed = JSON.parse(body) as FakeRequest | FakeRequest[];
    const requests = [parsed].flat();
    const honest = requests.map((one) => ({ jsonrpc: '2.0' as const, id: one.id, ...answer(chain, node, one) }));
    answered++;
    const lie = node.lie(requests);
    if (lie) return lie(requests, honest, response);
    sendJson(response, Array.isArray(parsed) ? honest : honest[0]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const node: FakeNode = {
    url: `http://127.0.0.1:${port}`,
    get answered() {
      return answered;
    },
    lie: () => undefined,
    latest: () => chain.head,
    tags: {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return node;
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function answer(
  chain: FakeChain,
  node: FakeNode,
  { method, params }: FakeRequest,
): Pick<FakeAnswer, 'result' | 'error'> {
  try {
    return { result: resultOf(chain, node, method, params) };
  } catch (error) {
    return { error: { code: -32000, message: (error as Error).message } };
  }
}

function resultOf(chain: FakeChain, node: FakeNode, method: string, params: unknown[]): unknown {
  const blockAt = (tag: unknown): FakeBlock | undefined => {
    const latest = node.latest();
    if (tag === 'latest' || tag === 'pending') return latest;
    if (tag === 'earliest') return chain.blocks[0];
    if (tag === 'safe' || tag === 'finalized') {
      const depth = node.tags[tag];
      if (depth === undefined) throw new Error(`unknown block tag ${tag}`);
      return chain.blocks[Math.max(0, latest.number - depth)];
    }
    if (typeof tag === 'object' && tag !== null) return blockAt(Object.values(tag)[0]);
    if (String(tag).length === 66) return chain.byHash(String(tag));
    const number = Number(tag);
    return number <= latest.number ? chain.blocks[number] : undefined;
  };
  switch (method) {
    case 'eth_chainId':
      return toQuantity(chain.chainId);
    case 'web3_clientVersion':
      return 'fake/1';
    case 'eth_blockNumber':
      return toQuantity(node.latest().number);
    case 'eth_getBlockByNumber':
    case 'eth_getBlockByHash':
      return blockAt(params[0])?.json ?? null;
    case 'eth_getBlockReceipts':
      return blockAt(params[0])?.receipts ?? null;
    case 'eth_getTransactionReceipt':
      return chain.blocks.flatMap(({ receipts }) => receipts).find((one) => one.transactionHash === params[0]) ?? null;
    case 'eth_getLogs':
      return logsOf(params[0] as LogFilter, blockAt);
    default:
      throw new Error(`the method ${method} does not exist`);
  }
}

interface LogFilter {
  blockHash?: string;
  fromBlock?: string;
  toBlock?: string;
  address?: string | string[];
}

/** Like anvil and geth: past the head, a range is clipped silently. */
function logsOf(filter: LogFilter, blockAt: (tag: unknown) => FakeBlock | undefined): FakeLog[] {
  const wanted = filter.address && new Set([filter.address].flat().map((address) => address.toLowerCase()));
  const of = (block: FakeBlock) => block.logs.filter(({ address }) => !wanted || wanted.has(address));
  if (filter.blockHash) {
    const block = blockAt(filter.blockHash);
    if (!block) throw new Error('unknown block');
    return of(block);
  }
  const last = blockAt('latest')?.number ?? -1;
  const numberOf = (tag: string | undefined, otherwise: number) =>
    tag === undefined || Number.isNaN(Number(tag)) ? (blockAt(tag ?? 'latest')?.number ?? otherwise) : Number(tag);
  const [from, to] = [numberOf(filter.fromBlock, last), Math.min(numberOf(filter.toBlock, last), last)];
  const numbers = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  return numbers.flatMap((number) => of(blockAt(toQuantity(number)) as FakeBlock));
}
