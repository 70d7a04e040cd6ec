import { examineEndpoint } from '../../start/doctorEndpoint';
import { createFakeChain } from '../chain/fakeChain';
import { type FakeAnswer, type FakeNode, type FakeRequest, sendJson, startFakeNode } from '../chain/fakeNode';

const chain = createFakeChain();
let node: FakeNode;
beforeAll(async () => {
  for (let i = 0; i < 5; i++) {
    chain.mine([[{ contract: 'DatanetRegistry', topics: [], data: '0x01', why: 'any' }]]);
  }
  node = await startFakeNode(chain);
  node.tags = { safe: 1, finalized: 2 };
});
afterAll(() => node.close());

type Bend = (request: FakeRequest, answer: FakeAnswer) => FakeAnswer;

async function examine(bend: Bend = (_, answer) => answer, noBatches = false): Promise<string[]> {
  node.lie = () => (requests, honest, response) => {
    const said = requests.map((request, i) => bend(request, honest[i] as FakeAnswer));
    if (noBatches && said.length > 1) return sendJson(response, { jsonrpc: '2.0', id: null, error: { code: -32600 } });
    sendJson(response, said.length === 1 ? said[0] : said);
  };
  const found: string[] = [];
  await examineEndpoint(chain.config(node.url), 0, node.url, (state, _, detail, advice) => {
    found.push([state, detail, ...(advice ? [advice] : [])].join(': '));
  });
  return found;
}

const without =
  (wanted: (request: FakeRequest) => boolean): Bend =>
  (request, { jsonrpc, id, result }) =>
    wanted(request)
      ? { jsonrpc, id, error: { code: -32601, message: 'the method is not available' } }
      : { jsonrpc, id, result };
const block =
  (change: object): Bend =>
  ({ method }, answer) =>
    method === 'eth_getBlockByNumber' ? { ...answer, result: { ...(answer.result as object), ...change } } : answer;

it('the doctor finds that everything of an honest node can be proven', async () => {
  const found = await examine();
  expect(found).toContain('ok: the hash of a block is that of its fields');
  expect(found).toContain('ok: eth_getBlockReceipts works: blocks are checked against receiptsRoot');
  expect(found).toContain('ok: keeps history from block 0 on');
  expect(found).toContain('ok: answers batches');
});

it.each<[string, Bend, RegExp]>([
  [
    'no receipts of blocks',
    without(({ method }) => method === 'eth_getBlockReceipts'),
    /^warning: no eth_getBlockReceipts: .*: receipts are asked for one by one.*a log that the endpoint leaves out is not found/,
  ],
  [
    'a header with a field that is not known',
    block({ hash: `0x${'12'.repeat(32)}`, newField: '0x1' }),
    /^warning: the hash of block 5 can't be made .*verifiedTo stays behind/,
  ],
  [
    'a header that is made up',
    block({ parentHash: `0x${'12'.repeat(32)}` }),
    /^wrong: block 5 has fields that its hash/,
  ],
  [
    'receipts of another block',
    ({ method }, answer) => (method === 'eth_getBlockReceipts' ? { ...answer, result: [] } : answer),
    /^wrong: the receipts of its newest block are not those of its header/,
  ],
  [
    'no blocks of long ago',
    without(({ method, params }) => method === 'eth_getBlockByNumber' && params[0] === '0x0'),
    /^wrong: has no block 0, where the chain starts: use an endpoint that keeps history/,
  ],
  [
    'no logs of long ago',
    without(({ method, params }) => method === 'eth_getLogs' && (params[0] as { toBlock: string }).toBlock === '0x0'),
    /^wrong: no logs of block 0: .*: use an endpoint that keeps history/,
  ],
  [
    'no receipts of long ago',
    without(({ method, params }) => method === 'eth_getBlockReceipts' && params[0] === chain.blocks[0]?.hash),
    /^warning: no receipts of block 0: .*not every one that is left out/,
  ],
  [
    'no finality tags',
    without(({ method, params }) => method === 'eth_getBlockByNumber' && /safe|finalized/.test(String(params[0]))),
    /^warning: no finality tags: no block is shown as safe/,
  ],
])('the doctor says of a node with %s what that costs', async (_, bend, said) => {
  expect(await examine(bend)).toContainEqual(expect.stringMatching(said));
});

it('the doctor says of a node without batches what that costs', async () => {
  expect(await examine(undefined, true)).toContainEqual(
    expect.stringMatching(/^warning: does not answer batches: .*slower/),
  );
});
