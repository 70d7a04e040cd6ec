import { type FakeAnswer, type FakeRequest, type Lie, sendJson } from '../../chain/fakeNode';
import type { Random } from '../../oracle/history/random';

type Bend = (answers: FakeAnswer[], random: Random, requests: readonly FakeRequest[]) => unknown;
type Fields = Record<string, unknown>;

/** A well-formed answer with something wrong in it. */
const bent =
  (bend: Bend) =>
  (random: Random): Lie =>
  (requests, honest, response) => {
    const copy = structuredClone(honest);
    const body = bend(copy, random, requests) ?? copy;
    sendJson(response, requests.length === 1 && Array.isArray(body) ? body[0] : body);
  };
const raw = (status: number, type: string, text: string) => (): Lie => (_requests, _honest, response) => {
  response.writeHead(status, { 'content-type': type, 'retry-after': '1' }).end(text);
};

const logsIn = (answers: FakeAnswer[]) =>
  answers.flatMap(({ result }) => (Array.isArray(result) && result.every((one) => 'logIndex' in one) ? [result] : []));
const blocksIn = (answers: FakeAnswer[]) =>
  answers
    .map(({ result }) => result as Fields | null | undefined)
    .filter((one) => one && 'parentHash' in one) as Fields[];
const someHash = (random: Random) => `0x${random.bits(256).toString(16).padStart(64, '0')}`;

/** What nodes, proxies and providers were seen to answer, by name: each is noticed at once, or says nothing wrong. */
export const LIES: Record<string, (random: Random) => Lie> = {
  'cut before the answer': () => (_requests, _honest, response) => void response.destroy(),
  'cut in the middle of the body': () => (_requests, honest, response) => {
    const text = JSON.stringify(honest);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  },
  'too many requests': raw(429, 'application/json', '{"error":"slow down"}'),
  'bad gateway': raw(502, 'text/html', '<html>502</html>'),
  'a page at 200': raw(200, 'text/html', '<!doctype html><title>Sign in</title>'),
  'an empty body': raw(200, 'application/json', ''),
  null: raw(200, 'application/json', 'null'),
  'an object that is no answer': raw(200, 'application/json', '{}'),
  'an error for each call': bent((answers) => {
    for (const answer of answers) {
      delete answer.result;
      answer.error = { code: -32005, message: 'query returned more than 10000 results' };
    }
  }),
  'one error for the whole batch': bent(() => [
    { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batch too large' } },
  ]),
  'answers in another order': bent((answers, random) => random.shuffle(answers)),
  'an answer left out': bent((answers) => answers.slice(1)),
  'an answer twice': bent((answers) => [...answers, ...answers.slice(0, 1)]),
  'nothing but null': bent((answers) => {
    for (const answer of answers) answer.result = null;
  }),
  'one null': bent((answers, random) => {
    random.pick(answers).result = null;
  }),
  'logs twice': bent((answers) => {
    for (const logs of logsIn(answers)) logs.push(...structuredClone(logs));
  }),
  'logs in another order': bent((answers, random) => {
    for (const logs of logsIn(answers)) logs.splice(0, logs.length, ...random.shuffle(logs));
  }),
  'removed logs among the others': bent((answers) => {
    for (const logs of logsIn(answers))
      logs.push(...logs.slice(0, 3).map((log: Fields) => ({ ...log, removed: true })));
  }),
  'logs of an orphan': bent((answers, random) => {
    const blockHash = someHash(random);
    for (const logs of logsIn(answers)) for (const log of logs.slice(-1)) Object.assign(log, { blockHash });
  }),
  'a log of a block that was not asked for': bent((answers) => {
    for (const logs of logsIn(answers))
      for (const log of logs.slice(-1)) Object.assign(log, { blockNumber: '0x7fffffff' });
  }),
  'a block without its hash': bent((answers) => {
    for (const block of blocksIn(answers).slice(-1)) block['hash'] = null;
  }),
};

/** What only the header's own commitments give away: the bloom, the root over the receipts, the hash over its fields. */
export const DEEP_LIES: Record<string, (random: Random) => Lie> = {
  'no logs': bent((answers) => {
    for (const logs of logsIn(answers)) logs.splice(0);
  }),
  'a log dropped': bent((answers, random) => {
    for (const logs of logsIn(answers)) logs.splice(random.below(logs.length + 1), 1);
  }),
  'logs cut at a limit': bent((answers) => {
    for (const logs of logsIn(answers)) logs.splice(3);
  }),
  'a log made up': bent((answers) => {
    for (const logs of logsIn(answers)) {
      const last = logs.at(-1) as Fields | undefined;
      if (last) logs.push({ ...last, logIndex: `0x${(Number(last['logIndex']) + 1).toString(16)}` });
    }
  }),
  'data changed': bent((answers) => {
    for (const logs of logsIn(answers)) for (const log of logs.slice(0, 1)) log.data = `${log.data}00`;
  }),
  'a block of another number': bent((answers, random) => {
    for (const block of blocksIn(answers).slice(-1)) block['number'] = `0x${random.below(1_000).toString(16)}`;
  }),
  'a forged parent hash': bent((answers, random) => {
    for (const block of blocksIn(answers)) block['parentHash'] = someHash(random);
  }),
  'a forged hash': bent((answers, random) => {
    for (const block of blocksIn(answers).slice(-1)) block['hash'] = someHash(random);
  }),
  'a bloom of zeros': bent((answers) => {
    for (const block of blocksIn(answers)) block['logsBloom'] = `0x${'00'.repeat(256)}`;
    for (const logs of logsIn(answers)) logs.splice(0);
  }),
};
