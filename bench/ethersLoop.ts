// The peer that needs no install, what one writes first: logs by range, ethers' parseLog, a row at a time. It keeps a
// row of each event with its arguments and nothing else: no facts, no derived rows, no reorgs, no changes.
// An entry: a process of its own has a time and a memory of its own. Arguments: a network file, the last block.
import { readFileSync } from 'node:fs';
import { Interface, JsonRpcProvider } from 'ethers';
import { Client } from 'pg';
import { parseNetworkFile } from '../schema/networkFile';
import { profiles } from '../schema/profiles';

const RANGE_BLOCKS = 1_000;

async function main(networkFile: string, head: number, databaseUrl: string): Promise<void> {
  const chain = parseNetworkFile(JSON.parse(readFileSync(networkFile, 'utf8')), {}, profiles).chains[0]!;
  const provider = new JsonRpcProvider(chain.rpc[0], chain.chainId, { staticNetwork: true });
  const abis = new Map(
    chain.contracts.map(({ profile, contract, address }) => [
      address.toLowerCase(),
      new Interface(profiles[profile]!.contracts[contract]!),
    ]),
  );
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `create table event (
       block bigint, log_index integer, tx_hash text, contract text, name text, args jsonb,
       primary key (block, log_index)
     )`,
  );
  for (let fromBlock = 0; fromBlock <= head; fromBlock += RANGE_BLOCKS) {
    const toBlock = Math.min(fromBlock + RANGE_BLOCKS - 1, head);
    const logs = await provider.getLogs({ fromBlock, toBlock, address: [...abis.keys()] });
    await client.query('begin');
    for (const log of logs) {
      const parsed = abis.get(log.address.toLowerCase())?.parseLog(log);
      if (!parsed) continue;
      const args = JSON.stringify(parsed.args.toObject(true), (_, v) => (typeof v === 'bigint' ? String(v) : v));
      await client.query({
        name: 'insert',
        text: 'insert into event values ($1, $2, $3, $4, $5, $6)',
        values: [log.blockNumber, log.index, log.transactionHash, log.address, parsed.name, args],
      });
    }
    await client.query('commit');
  }
  await client.end();
  provider.destroy();
}

const [networkFile, head] = process.argv.slice(2) as [string, string];
main(networkFile, Number(head), process.env.DATABASE_URL as string).catch((error) => {
  console.error(error);
  process.exit(1);
});
