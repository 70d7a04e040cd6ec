import { ContractFactory, JsonRpcProvider } from 'ethers';
import type { Anvil } from '../../demo/anvil';
import { startAnvil } from './anvil';
import emitterArtifact from './Emitter.json';

/** The instrument that other tests measure with, measured first. */
describe('the emitter on a real chain', () => {
  let chain: Anvil;
  let provider: JsonRpcProvider;

  beforeAll(async () => {
    chain = await startAnvil();
    provider = new JsonRpcProvider(chain.url, 31337, { staticNetwork: true, cacheTimeout: -1 });
  });

  afterAll(async () => {
    provider.destroy();
    await chain.close();
  });

  it('emits logs of zero to four topics with any data, in order, in one transaction', async () => {
    const factory = new ContractFactory(emitterArtifact.abi, emitterArtifact.bytecode, await provider.getSigner(0));
    const emitter = await factory.deploy();
    await emitter.waitForDeployment();
    const topic = (n: number) => `0x${String(n).padStart(64, '0')}`;
    const entries = [0, 1, 2, 3, 4].map((count) => ({
      topics: Array.from({ length: count }, (_, i) => topic(i + 1)),
      data: `0x${'ab'.repeat(count * 13)}`,
    }));
    const sent = await emitter.getFunction('emitMany').send(entries);
    const receipt = await sent.wait();
    expect(receipt?.logs.map(({ topics, data }) => ({ topics: [...topics], data }))).toEqual(entries);

    const single = await (await emitter.getFunction('emitLog').send([topic(9)], '0x01')).wait();
    expect(single?.logs.map((log) => [log.topics, log.data])).toEqual([[[topic(9)], '0x01']]);
  });

  it('gives every chain a port of its own and ends it on close', async () => {
    const [one, two] = await Promise.all([startAnvil({ chainId: 7 }), startAnvil({ chainId: 8 })]);
    expect(one.port).not.toBe(two.port);
    await Promise.all([one.close(), two.close()]);
    expect([one.ended, two.ended]).toEqual([true, true]);
  });

  it('says what anvil said when it cannot start', async () => {
    await expect(startAnvil({ port: chain.port })).rejects.toThrow(/before it listened: .*in use/is);
  });
});
