import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { JsonRpcProvider, type ParamType, type Result } from 'ethers';
import { buildHistory } from '../../demo/history';
import { type LocalChain, startLocalChain } from '../../demo/localChain';
import { networkOf } from '../../demo/network';
import { type ChainConfig, parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { INTERFACES, PROFILES } from '../oracle/abi';
import { answersAsTheOracle } from '../oracle/compare';
import type { Args, PlacedBlock, PlacedLog, Value } from '../oracle/log';
import { Oracle } from '../oracle/model';
import { everything } from '../oracle/queries';
import { type RunningLoop, startLoop } from '../oracle/runningLoop';

/** Contract call to GraphQL answer: the demo's economy runs through the reference contracts, and the API tells it. */
describe('the loop through the reference contracts', () => {
  const oracle = new Oracle();
  let folder: string;
  let chain: LocalChain;
  let config: ChainConfig;
  let loop: RunningLoop;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'flywheel-loop-'));
    chain = await startLocalChain({ dataDir: folder });
    const deployment = await buildHistory({ url: chain.url, seed: 7, events: 1_200 });
    const network = parseNetworkFile(networkOf(chain.url, deployment), {}, profiles);
    config = network.chains[0] as ChainConfig;
    const blocks = await blocksOf(chain.url, config);
    for (const block of blocks) oracle.apply(block);
    loop = await startLoop([config]);
    await loop.index.reach(config.chainId, await headOf(chain.url));
    await loop.index.settle();
  });

  afterAll(async () => {
    await loop?.close();
    await chain.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('holds every event of the reference profile', async () => {
    const feed = await everything(loop.run, 'events', {}, 100);
    const names = new Set(feed.map(({ name }) => name));
    const wanted = Object.values(PROFILES['openledger-reference'] ?? {}).flatMap((contract) =>
      contract.map((signature) => /event (\w+)/.exec(signature)?.[1]),
    );
    expect(wanted.filter((name) => !names.has(name as string))).toEqual([]);
  });

  answersAsTheOracle(() => ({ run: loop.run, oracle, chainIds: [config.chainId] }));
});

async function headOf(url: string): Promise<{ number: number; hash: string }> {
  const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, cacheTimeout: -1 });
  const block = await provider.getBlock('latest');
  provider.destroy();
  return { number: block?.number as number, hash: block?.hash as string };
}

/** Every log of the configured contracts as the chain holds it, decoded by ethers for the oracle. */
async function blocksOf(url: string, { chainId, contracts }: ChainConfig): Promise<PlacedBlock[]> {
  const provider = new JsonRpcProvider(url, chainId, { staticNetwork: true, cacheTimeout: -1 });
  const contractAt = new Map(contracts.map(({ address, contract }) => [address.toLowerCase(), contract]));
  const logs = await provider.getLogs({ fromBlock: 0, toBlock: 'latest', address: [...contractAt.keys()] });
  const blocks = new Map<number, PlacedBlock>();
  for (const log of logs) {
    const contract = contractAt.get(log.address.toLowerCase()) as string;
    const parsed = INTERFACES[contract]?.parseLog(log);
    const placed: PlacedLog = {
      contract,
      ...(parsed
        ? { event: parsed.name, args: argsOf(parsed.fragment.inputs, parsed.args) }
        : { topics: [...log.topics], data: log.data, why: 'no event of the profile' }),
      txHash: log.transactionHash,
      logIndex: log.index,
      address: log.address.toLowerCase(),
    };
    const block = blocks.get(log.blockNumber);
    if (block) block.logs.push(placed);
    else {
      const header = await provider.getBlock(log.blockNumber);
      blocks.set(log.blockNumber, {
        chainId,
        number: log.blockNumber,
        hash: log.blockHash,
        timestamp: header?.timestamp as number,
        logs: [placed],
      });
    }
  }
  provider.destroy();
  return [...blocks.values()];
}

function argsOf(params: readonly ParamType[], values: Result): Args {
  return Object.fromEntries(params.map((param, i) => [param.name, plainValueOf(param, values[i])]));
}

/** ethers gives Results and addresses with a checksum; the oracle wants arrays, objects and plain hex. */
function plainValueOf(param: ParamType, value: unknown): Value {
  if (param.isArray()) return [...(value as Result)].map((item) => plainValueOf(param.arrayChildren, item));
  if (param.isTuple()) return argsOf(param.components, value as Result);
  return param.type === 'address' ? (value as string).toLowerCase() : (value as Value);
}
