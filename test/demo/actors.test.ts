import { startActors } from '../../demo/actors';
import { type Anvil, spawnAnvil } from '../../demo/anvil';
import { ChainWriter } from '../../demo/chainWriter';
import { buildHistory, type History } from '../../demo/history';
import { DEMO_CHAIN_ARGUMENTS } from '../../demo/localChain';
import { reorg } from '../../demo/reorg';
import { rpcTo } from '../../demo/rpc';
import { until } from '../run/until';
import { HISTORY_SECONDS } from './builtHistory';

describe('the live actors', () => {
  let chain: Anvil;
  let history: History;
  const errors: Error[] = [];

  beforeAll(async () => {
    // A day back, so that blocks can come faster than one a second without running ahead of the clock.
    const endsAt = Math.floor(Date.now() / 1000) - 86_400;
    const genesis = endsAt - HISTORY_SECONDS - 60;
    chain = await spawnAnvil({ args: ['--timestamp', String(genesis), ...DEMO_CHAIN_ARGUMENTS] });
    history = await buildHistory({ url: chain.url, seed: 3, events: 400, endsAt });
  });
  afterAll(() => chain.close());

  const head = async () => Number(await rpcTo(chain.url).call<string>('eth_blockNumber'));
  const eventsAfter = async (block: number) => {
    const events = await new ChainWriter(rpcTo(chain.url), history.addresses).readAll(block + 1);
    return events.map(({ name }) => name);
  };
  const start = () =>
    startActors({ url: chain.url, deployment: history, seed: 3, turnMs: 20, onError: (error) => errors.push(error) });

  /** Waits until every one of these has happened after a block. */
  const happened = async (block: number, names: string[]) => {
    let missing = names;
    const allSeen = async () => {
      const seen = new Set(await eventsAfter(block));
      missing = names.filter((name) => !seen.has(name));
      return missing.length === 0;
    };
    await until(allSeen).catch((error: Error) => {
      throw new Error(`${error.message}; still missing: ${missing.join(', ')}; ${errors.join('; ')}`);
    });
  };

  it('turn the whole loop, and mine no block when they have stopped', async () => {
    const before = await head();
    const actors = start();
    await happened(before, [
      'ContributionSubmitted',
      'ContributionFinalized',
      'InferenceSettled',
      'AttributionCommitted',
      'RewardAccrued',
      'RewardClaimed',
    ]);
    await actors.close();
    const stopped = await head();
    expect(await eventsAfter(stopped)).toEqual([]);
    expect(await head()).toBe(stopped);
    expect(errors).toEqual([]);
  });

  it('go on through a reorg, on the chain that is left', async () => {
    const actors = start();
    await happened(await head(), ['InferenceSettled']);
    const { before, after, ancestor, kept, dropped } = await reorg({ url: chain.url, depth: 3 });
    expect(after.hash).not.toBe(before.hash);
    expect(before.number - ancestor).toBe(3);
    expect(kept + dropped).toBeGreaterThan(0);
    await happened(before.number + 1, ['InferenceSettled', 'AttributionCommitted', 'ContributionScored']);
    await actors.close();
  });

  it('survive a chain that goes away, and say so', async () => {
    const gone = await spawnAnvil({ args: [...DEMO_CHAIN_ARGUMENTS] });
    const seen: Error[] = [];
    const actors = startActors({
      url: gone.url,
      deployment: history,
      seed: 1,
      turnMs: 10,
      onError: (error) => seen.push(error),
    });
    await gone.close();
    await until(() => seen.length >= 3);
    await actors.close();
  });
});
