import { judgeHeader } from '../../indexer/verify/headerHash';
import { receiptsRoot } from '../../indexer/verify/receiptsRoot';
import { startAnvil } from '../chain/anvil';

type Json = Record<string, unknown>;

async function rpc(url: string, method: string, params: unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
  if (error) throw new Error(error.message);
  return result;
}

/** Two transfers, one of them with an access list, and a contract that logs when it is made (LOG0 of nothing). */
async function transact(send: (method: string, params: unknown[]) => Promise<unknown>): Promise<void> {
  const [from, to] = (await send('eth_accounts', [])) as [string, string];
  const gas = '0x30d40';
  await send('eth_sendTransaction', [{ from, to, value: '0x1', gas, gasPrice: '0x77359400' }]);
  await send('eth_sendTransaction', [
    { from, to, gas, gasPrice: '0x77359400', accessList: [{ address: to, storageKeys: [] }] },
  ]);
  await send('eth_sendTransaction', [{ from, data: '0x60006000a000', gas, gasPrice: '0x77359400' }]);
  await send('evm_mine', []);
}

describe.each([
  ['as it comes', []],
  ['before London', ['--hardfork', 'berlin']],
  ['as London', ['--hardfork', 'london']],
  ['as Shanghai', ['--hardfork', 'shanghai']],
  ['as Cancun', ['--hardfork', 'cancun']],
  ['as Prague', ['--hardfork', 'prague']],
  ['as an OP Stack chain', ['--optimism']],
])('anvil %s', (_, args) => {
  it('makes blocks whose hash and receiptsRoot come out, also after a reorg', async () => {
    const anvil = await startAnvil({ noMining: true, args });
    try {
      const send = (method: string, params: unknown[]) => rpc(anvil.url, method, params);
      for (let i = 0; i < 3; i++) await transact(send);
      await send('anvil_reorg', [2, []]);
      await transact(send);
      const head = Number(await send('eth_blockNumber', []));
      const roots: unknown[] = [];
      for (let number = 0; number <= head; number++) {
        const block = (await send('eth_getBlockByNumber', [`0x${number.toString(16)}`, false])) as Json;
        expect([number, judgeHeader(block)]).toEqual([number, 'proven']);
        const receipts = (await send('eth_getBlockReceipts', [block['hash']])) as Json[];
        expect([number, receiptsRoot(receipts)]).toEqual([number, block['receiptsRoot']]);
        roots.push(...receipts.map(({ type }) => type));
      }
      expect(roots.length).toBe(6);
    } finally {
      await anvil.close();
    }
  });
});
