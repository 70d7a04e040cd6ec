import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildStoredChain, logsByTransaction, receiptsOf, StoredChain } from '../../bench/chain/storedChain';
import { judgeHeader } from '../../indexer/verify/headerHash';
import { receiptsRoot } from '../../indexer/verify/receiptsRoot';

describe('a chain in a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flywheel-stored-'));
  const file = path.join(folder, 'chain');
  buildStoredChain(file, 2_500);
  const chain = new StoredChain(file);
  afterAll(() => {
    chain.close();
    rmSync(folder, { recursive: true });
  });

  it('proves every block: hash, parent, bloom and receipts', () => {
    let parentHash = `0x${'0'.repeat(64)}`;
    for (let number = 0; number <= chain.head; number++) {
      const { header, logs } = chain.block(number)!;
      const block = JSON.parse(header);
      expect(block.parentHash).toBe(parentHash);
      // A genesis without logs has a bloom of zeros, which proves nothing.
      if (number > 0) expect(judgeHeader(block)).toBe('proven');
      const byTransaction = logsByTransaction(logs);
      expect(byTransaction.map(([log]) => log!['transactionHash'])).toEqual(block.transactions);
      expect(receiptsRoot(receiptsOf(byTransaction))).toBe(block.receiptsRoot);
      parentHash = block.hash;
    }
  });

  it('says how many events each block and all before it hold', () => {
    const logs = Array.from({ length: chain.head + 1 }, (_, n) => JSON.parse(`[${chain.block(n)!.logs}]`).length);
    expect(chain.index.events.at(-1)).toBe(logs.reduce((sum, n) => sum + n, 0));
    expect(chain.index.events.at(-1)).toBeGreaterThanOrEqual(2_500);
  });

  it('has no block above its head', () => {
    expect(chain.block(chain.head + 1)).toBeUndefined();
  });
});
