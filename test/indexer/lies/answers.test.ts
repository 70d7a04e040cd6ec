import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ChainSource, type ChainSourceOptions } from '../../../indexer/rpc/chainSource';
import type { ChainConfig } from '../../../schema/networkFile';
import { type EmittedChain, startEmittedChain } from '../../chain/emittedChain';
import { type LyingNode, sendJson, startLyingNode } from '../../chain/lyingNode';
import { randomHistory } from '../../oracle/history';
import { until } from '../../run/until';
import { blockOf } from '../survives';
import { expectHonestTables, type HonestIndex, indexHonestly } from './liedTo';

let chain: EmittedChain;
let honest: HonestIndex;
let node: LyingNode;
let source: ChainSource | undefined;

beforeAll(async () => {
  chain = await startEmittedChain({ maxLogsRange: 16 });
  await chain.play(randomHistory('answers', { logs: 300, fromBlock: chain.nextBlock }));
  honest = await indexHonestly(chain.config, chain.url);
});
afterAll(() => chain.close());
beforeEach(async () => {
  node = await startLyingNode(chain.url);
});
afterEach(async () => {
  await source?.close();
  source = undefined;
  await node.close();
});

const config = (...rpc: string[]): ChainConfig => ({
  ...chain.config,
  rpc,
  verify: { history: 'off', requestsPerSecond: 1 },
});
const sourceOf = (options: ChainSourceOptions, ...rpc: string[]) => {
  source = new ChainSource(config(...rpc), options);
  return source;
};

describe('answers over http that are none, every third time:', () => {
  const broken: Record<string, LyingNode['reply']> = {
    'HTML at 200': (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>down for maintenance</html>');
      return true;
    },
    'the answers of a batch in another order': (answers, response) => {
      if (answers.length === 1) return false;
      sendJson(response, answers.toReversed());
      return true;
    },
    'a batch that lacks one': (answers, response) => {
      if (answers.length === 1) return false;
      sendJson(response, answers.slice(1));
      return true;
    },
    'an answer with the id of another': (answers, response) => {
      if (answers.length === 1) return false;
      sendJson(
        response,
        answers.map((answer, i) => ({ ...answer, id: answers[i - 1]?.id ?? 0 })),
      );
      return true;
    },
    'a connection cut in the middle of the body': (answers, response) => {
      const text = JSON.stringify(answers);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
      response.write(text.slice(0, text.length / 2), () => response.destroy());
      return true;
    },
    'nothing at 200': (_, response) => {
      response.writeHead(200).end();
      return true;
    },
    'too many requests, and to come back at once': (_, response) => {
      sendJson(response, {}, 429, { 'retry-after': '0' });
      return true;
    },
    'too many requests, as an error of a call': (answers, response) => {
      sendJson(
        response,
        answers.map(({ id }) => ({ id, error: { code: 429, message: 'slow down' } })),
      );
      return true;
    },
  };
  it.each(Object.entries(broken))('%s', async (_, lie) => {
    let [replies, told] = [0, 0];
    node.reply = (answers, response, requests) =>
      ++replies % 3 === 0 && told < 8 && lie(answers, response, requests) && ++told > 0;
    await expectHonestTables(config(node.url), honest);
    expect(told).toBeGreaterThan(1);
  });
});

it('an answer that never comes is given up, and another endpoint asked', async () => {
  node.reply = async (_, response) => {
    await new Promise((resolve) => response.on('close', resolve));
    return true;
  };
  await expectHonestTables(config(node.url, chain.url), honest, { rpc: { callTimeoutMs: 200 } });
});

it('an answer that begins and never ends is given up, too', async () => {
  node.reply = async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('[');
    await new Promise((resolve) => response.on('close', resolve));
    return true;
  };
  await expectHonestTables(config(node.url, chain.url), honest, { rpc: { callTimeoutMs: 200 } });
});

describe('a program that collects its garbage meanwhile', () => {
  let collecting: NodeJS.Timeout;
  beforeEach(() => {
    setFlagsFromString('--expose-gc');
    collecting = setInterval(runInNewContext('gc') as () => void, 20);
  });
  afterEach(() => clearInterval(collecting));

  it.each([
    ['never comes', ''],
    ['begins and never ends', '['],
  ])('gives up an answer that %s, too', async (_, begin) => {
    node.reply = async (_, response) => {
      if (begin) response.writeHead(200, { 'content-type': 'application/json' }).write(begin);
      await new Promise((resolve) => response.on('close', resolve));
      return true;
    };
    await expect(sourceOf({ callTimeoutMs: 200 }, node.url).headers([1])).rejects.toThrow('0.2 s');
  });
});

it('an answer that is too large is refused, and less is asked for', async () => {
  let tooLarge = 0;
  node.reply = (answers) => {
    if (JSON.stringify(answers).length > 60_000) tooLarge++;
    return false;
  };
  await expectHonestTables(config(node.url), honest, { rpc: { mostAnswerBytes: 60_000 } });
  expect(tooLarge).toBeGreaterThan(0);
});

describe('an endpoint that wants fewer requests', () => {
  /** Worker and indexer learn it each for themselves, and by all calls that are under way then. */
  const UNDER_WAY = 8;
  const busy = (retryAfter: () => string, until = Number.POSITIVE_INFINITY): LyingNode['reply'] => {
    return (_answers, response) => {
      if (node.requests > until) return false;
      sendJson(response, {}, 429, { 'retry-after': retryAfter() });
      return true;
    };
  };

  it.each([
    ['a number of seconds', () => '3600'],
    ['a date', () => new Date(Date.now() + 3_600_000).toUTCString()],
  ])('gets none until then, which it says as %s, and the other is asked', async (_, retryAfter) => {
    node.reply = busy(retryAfter);
    await expectHonestTables(config(node.url, chain.url), honest);
    expect(node.requests).toBeGreaterThan(0);
    expect(node.requests).toBeLessThanOrEqual(UNDER_WAY);
  });

  it('and is the only one: the status says how long, and all goes on after that', async () => {
    const asked: number[] = [];
    const refuse = busy(() => '4', 1);
    node.reply = (...request) => {
      asked.push(performance.now());
      return refuse(...request);
    };
    await expectHonestTables(config(node.url), honest, {
      async meanwhile({ database }) {
        const said = async () => {
          const { rows } = await database.pool.query<{ error: string | null }>('select error from chain');
          return /wants no requests for another \d+ s/.test(rows[0]?.error ?? '');
        };
        await until(said, { what: 'it said so' });
      },
    });
    const [refusedAt, askedAgainAt] = asked as [number, number];
    expect(askedAgainAt - refusedAt).toBeGreaterThan(3_900);
  });

  it('is asked again when its time is over, even if somebody set the clock back meanwhile', async () => {
    node.reply = busy(() => '1', 1);
    await expect(sourceOf({}, node.url).headers([1])).rejects.toThrow('HTTP 429');
    const { now } = Date;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() - 86_400_000);
    try {
      expect((await (source as ChainSource).headers([1]))[0]?.number).toBe(1);
    } finally {
      clock.mockRestore();
    }
  });

  it('for a moment is waited for', async () => {
    node.reply = busy(() => '1', 1);
    await expectHonestTables(config(node.url), honest);
  });
});

it('an endpoint whose head stands still is left for the next one', async () => {
  const frozen = honest.head;
  const old = await chain.send('eth_getBlockByNumber', [`0x${frozen.number.toString(16)}`, false]);
  node.bend = ({ method, params }, result) => {
    const isAhead = method === 'eth_getBlockByNumber' && Number(params[0]) > frozen.number;
    return method === 'eth_getBlockByNumber' && params[0] === 'latest' ? old : isAhead ? null : result;
  };
  await expectHonestTables(config(node.url, chain.url), honest, {
    rpc: { staleHeadMs: 100 },
    async meanwhile(index) {
      await until(
        async () =>
          (await index.database.pool.query('select from chain where indexed_number is not null')).rowCount === 1,
      );
      await chain.mine([]);
      honest.head = await blockOf(chain.url, 'latest');
    },
  });
});
