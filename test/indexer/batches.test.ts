import { httpTransport } from '../../indexer/rpc/httpTransport';
import { RateLimited, type Transport } from '../../indexer/rpc/transport';
import { wsTransport } from '../../indexer/rpc/wsTransport';
import { createFakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { type LyingNode, sendJson, startLyingNode } from '../chain/lyingNode';

let honest: FakeNode;
let node: LyingNode;
let transport: Transport;

beforeEach(async () => {
  honest = await startFakeNode(createFakeChain());
  node = await startLyingNode(honest.url);
});
afterEach(async () => {
  await transport.close();
  await node.close();
  await honest.close();
});

const calls = Array.from({ length: 100 }, () => ({ method: 'eth_chainId', params: [] }));
const oneError = (message: string) => ({ jsonrpc: '2.0', id: null, error: { code: -32000, message } });

/** Answers every request with one error, by its HTTP status or over ws, if it is as large. */
function refuse(message: string, options: { status?: number; from?: number } = {}): void {
  const { status = 200, from = 1 } = options;
  node.reply = (answers, response) => {
    if (answers.length < from) return false;
    sendJson(response, oneError(message), status);
    return true;
  };
  node.wsReply = (answers) => (answers.length < from ? answers : oneError(message));
}

function answer(): void {
  node.reply = () => false;
  node.wsReply = (answers) => answers;
}

async function requestsFor100(): Promise<number> {
  const before = node.requests;
  await transport.send(calls);
  return node.requests - before;
}

describe.each<[string, () => Transport, number]>([
  ['over http with a status that says so', () => httpTransport(node.url), 502],
  ['over http as an error of the batch', () => httpTransport(node.url), 200],
  ['over ws', () => wsTransport(node.wsUrl), 200],
])('a gateway that was without its node for a moment, %s,', (_, open, status) => {
  it('gets whole batches again afterwards', async () => {
    transport = open();
    refuse('no backend is available', { status });
    await transport.send(calls).catch(() => undefined);
    answer();
    expect(await requestsFor100()).toBe(1);
    expect(transport.maxBatch).toBe(Number.POSITIVE_INFINITY);
  });
});

describe.each<[string, () => Transport]>([
  ['http', () => httpTransport(node.url)],
  ['ws', () => wsTransport(node.wsUrl)],
])('over %s', (_, open) => {
  it('a batch that is too large is sent in smaller ones, and so are those that come', async () => {
    transport = open();
    refuse('too many requests in a batch', { from: 20 });
    expect(await transport.send(calls)).toEqual(calls.map(() => ({ result: '0x7a69' })));
    expect(transport.maxBatch).toBe(13);
    expect(await requestsFor100()).toBe(8);
  });

  it('a rate limit that is said of a whole batch is none of its size', async () => {
    transport = open();
    refuse('rate limit exceeded');
    await expect(transport.send(calls)).rejects.toThrow(RateLimited);
    expect(node.requests).toBe(1);
  });
});
