import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ChainSource, type ChainSourceOptions } from '../../../indexer/rpc/chainSource';
import type { ChainConfig } from '../../../schema/networkFile';
import { type EmittedChain, startEmittedChain } from '../../chain/emittedChain';
import { type LyingNode, Refusal, sendJson, startLyingNode } from '../../chain/lyingNode';
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
    let told = 0;
    node.reply = (answers, response, requests) =>
      node.requests % 3 === 0 && told < 8 && lie(answers, response, requests) && ++told > 0;
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
  const answered = sourceOf({ mostAnswerBytes: 40_000 }, node.url);
  const addresses = chain.config.contracts.map(({ address }) => address);
  const blocks = Math.min(answered.rangeBlocks, honest.head.number);
  await expect(answered.logsOfRange(0, blocks, addresses)).rejects.toThrow('more than 40000 bytes');
  expect(answered.rangeBlocks).toBeLessThan(blocks);
  await expectHonestTables(config(node.url), honest, { rpc: { mostAnswerBytes: 60_000 } });
});

describe('an endpoint that wants fewer requests', () => {
  it.each([
    ['a number of seconds', () => '3600'],
    ['a date', () => new Date(Date.now() + 3_600_000).toUTCString()],
  ])('gets none until then, which it says as %s, and the other is asked', async (_, retryAfter) => {
    node.reply = (_answers, response) => {
      sendJson(response, {}, 429, { 'retry-after': retryAfter() });
      return true;
    };
    const asked = sourceOf({}, node.url, chain.url);
    for (let i = 0; i < 5; i++) expect((await asked.headers([i]))[0]?.number).toBe(i);
    expect(node.requests).toBe(1);
  });

  it('and is the only one: nothing is sent, and the error says how long', async () => {
    node.reply = (_answers, response) => {
      sendJson(response, {}, 429, { 'retry-after': '60' });
      return true;
    };
    const asked = sourceOf({}, node.url);
    await expect(asked.headers([1])).rejects.toThrow('answered HTTP 429');
    for (let i = 0; i < 3; i++) await expect(asked.headers([1])).rejects.toThrow(/wants no requests for another \d+ s/);
    expect(node.requests).toBe(1);
  });

  it('for a moment is waited for', async () => {
    let isBusy = true;
    node.reply = (_answers, response) => {
      if (!isBusy) return false;
      isBusy = false;
      sendJson(response, {}, 429, { 'retry-after': '1' });
      return true;
    };
    const asked = sourceOf({}, node.url);
    await expect(asked.headers([1])).rejects.toThrow('answered HTTP 429');
    expect((await asked.headers([1]))[0]?.number).toBe(1);
  });
});

describe('a websocket', () => {
  it('that is open and silent is left for another endpoint', async () => {
    node.wsReply = () => undefined;
    await expectHonestTables(config(node.wsUrl, chain.url), honest, { rpc: { callTimeoutMs: 200 } });
  });

  it('that announces no heads, or skips some, costs no block: heads are polled for', async () => {
    const index = chain.config;
    const first = honest.head;
    await expectHonestTables({ ...config(node.wsUrl), pollMs: 30 }, honest, {
      async meanwhile(running) {
        await running.reach(index.chainId, first);
        for (let i = 0; i < 4; i++) {
          await chain.mine([]);
          if (i === 2) node.announce();
        }
        honest.head = await blockOf(chain.url, 'latest');
      },
    });
  });

  it('that refuses a batch as a whole fails at once, and gets smaller ones', async () => {
    const sizes: number[] = [];
    node.wsReply = (answers, requests) => {
      sizes.push(requests.length);
      if (requests.length <= 4) return answers;
      return { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batch too large' } };
    };
    const asked = sourceOf({ callTimeoutMs: 60_000 }, node.wsUrl);
    const numbers = Array.from({ length: 24 }, (_, i) => i);
    expect((await asked.headers(numbers)).map((header) => header?.number)).toEqual(numbers);
    sizes.length = 0;
    await asked.headers(numbers);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
  });

  it('that leaves out an answer of a batch, or says something that is none, is asked again', async () => {
    let told = 0;
    node.wsReply = (answers) =>
      answers.length > 1 && node.requests % 4 === 0 && told++ < 5 ? answers.slice(1) : answers;
    await expectHonestTables(config(node.wsUrl), honest);
    expect(told).toBeGreaterThan(0);
  });

  it('that refuses a call in words of its own has refused it', async () => {
    node.bend = ({ method }, result) => (method === 'eth_getLogs' ? new Refusal('no logs here') : result);
    const asked = sourceOf({}, node.wsUrl);
    await expect(asked.logsOfRange(0, 1, [])).rejects.toThrow('no logs here');
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
