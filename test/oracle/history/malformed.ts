import { id } from 'ethers';
import { EVENTS, fragmentOf } from '../abi';
import { encode } from '../encode';
import type { EventLog, HistoryLog } from '../log';
import type { Cast } from './cast';
import type { Random } from './random';

const WORD = 64;
/** Bits outside the type, as a whole word. */
const DIRTY: Record<string, string> = {
  bool: '2'.padStart(WORD, '0'),
  address: `ff${'11'.repeat(31)}`,
};

/** Logs that must be kept and counted as undecoded. */
export const MALFORMED: ((cast: Cast) => HistoryLog)[] = [
  unknownTopic,
  anonymous,
  topicTooMany,
  topicTooFew,
  cutShort,
  offsetOutside,
  lengthOutside,
  dirtyTopic,
  dirtyWord,
  dirtyItem,
  anothersEvent,
  emptyData,
];

/** Logs that look odd and are fine all the same. */
export const ODD: ((cast: Cast) => EventLog)[] = [trailingBytes, unpadded, invalidUtf8];

const anyEvent = (random: Random) => random.pick(EVENTS).event;

function unknownTopic({ random }: Cast): HistoryLog {
  const { contract } = random.pick(EVENTS);
  return { contract, topics: [id(`Unheard(${random.below(3)})`)], data: id('anything'), why: 'unknown topic0' };
}

function anonymous({ random }: Cast): HistoryLog {
  return { contract: random.pick(EVENTS).contract, topics: [], data: id('anything'), why: 'no topic' };
}

/** As an ERC-721 Transfer has ERC-20's topic0. */
function topicTooMany(cast: Cast): HistoryLog {
  const event = cast.random.pick(['Transfer', 'CreditPurchased', 'PriceSet', 'InferenceRefunded', 'ProposalQueued']);
  const { contract, topics, data } = raw(cast.event(event));
  return { contract, topics: [...topics, cast.hash()], data, why: 'one topic more than indexed arguments' };
}

function topicTooFew(cast: Cast): HistoryLog {
  const { contract, topics, data } = raw(cast.event(withIndexed(cast.random)));
  return { contract, topics: topics.slice(0, -1), data, why: 'one topic less than indexed arguments' };
}

function cutShort(cast: Cast): HistoryLog {
  const event = cast.random.pick(['RewardAccrued', 'FeeSplit', 'PoolFunded', 'Transfer', 'CuratorSet', 'PriceSet']);
  const { contract, topics, data } = raw(cast.event(event));
  return { contract, topics, data: data.slice(0, -2 * cast.random.between(1, 32)), why: 'data too short' };
}

function emptyData(cast: Cast): HistoryLog {
  const { contract, topics } = raw(
    cast.event(cast.random.pick(['DatanetCreated', 'FeeParamsSet', 'InferenceSettled'])),
  );
  return { contract, topics, data: '0x', why: 'no data' };
}

/** The head's offset word of a dynamic argument points past the data. */
function offsetOutside(cast: Cast): HistoryLog {
  const [event, word] = cast.random.pick([
    ['DatanetUpdated', 2],
    ['ContributionBatchSubmitted', 1],
    ['TrainingRunRecorded', 2],
    ['InferenceSettled', 0],
    ['InferenceSettled', 6], // adapterIds, inside the receipt
    ['AttributionCommitted', 3],
  ] as const);
  const { contract, topics, data } = raw(cast.event(event));
  const far = cast.random.pick([data.length.toString(16), 'f'.repeat(WORD), `8${'0'.repeat(63)}`, '7fffffff']);
  return { contract, topics, data: withWord(data, word, far), why: 'an offset outside the data' };
}

function lengthOutside(cast: Cast): HistoryLog {
  const { contract, topics, data } = raw(cast.event('TrainingRunRecorded'));
  const long = cast.random.pick(['f'.repeat(WORD), '10000000', data.length.toString(16)]);
  return { contract, topics, data: withWord(data, 3, long), why: 'an array longer than the data' };
}

function dirtyTopic(cast: Cast): HistoryLog {
  const [event, topic, word] = cast.random.pick([
    ['DatanetCreated', 2, DIRTY.address],
    ['PoolFunded', 2, '1ff'],
    ['RewardAccrued', 2, `01${'00'.repeat(11)}${'aa'.repeat(20)}`],
    ['DatanetVersionPublished', 2, `1${'0'.repeat(16)}`],
    ['ContributionFinalized', 2, '100'],
    ['ModelVersionPublished', 2, 'f'.repeat(WORD)],
  ] as const);
  const { contract, topics, data } = raw(cast.event(event));
  const dirty = topics.map((value, i) => (i === topic ? `0x${(word ?? '').padStart(WORD, '0')}` : value));
  return { contract, topics: dirty, data, why: 'a topic with bits outside its type' };
}

function dirtyWord(cast: Cast): HistoryLog {
  const [event, at, word] = cast.random.pick([
    ['CuratorSet', 0, DIRTY.bool],
    ['CuratorSet', 1, `1${'0'.repeat(24)}`],
    ['DisputeResolved', 0, DIRTY.bool],
    ['DisputeResolved', 2, DIRTY.address],
    ['RewardAccrued', 0, '1ff'],
    ['DatanetCreated', 0, '100'],
    ['PoolCreated', 0, DIRTY.address],
    ['FeeParamsSet', 3, '10000'],
    ['FeeParamsSet', 4, `1${'0'.repeat(16)}`],
    ['FeedbackRecorded', 0, '80'], // 128 is no int8; -128 is sign-extended over the whole word
    ['FeedbackRecorded', 0, `${'f'.repeat(62)}7f`],
    ['InferenceSettled', 1, `1${'0'.repeat(8)}`], // modelVersion, the first word of the receipt
    ['InferenceSettled', 4, DIRTY.address],
  ] as const);
  const { contract, topics, data } = raw(cast.event(event));
  return { contract, topics, data: withWord(data, at, word ?? ''), why: 'a word with bits outside its type' };
}

/** Inside a struct of an array. */
function dirtyItem(cast: Cast): HistoryLog {
  const inputs = [{ datanetId: 1n, datanetVersion: 1n, weightPpm: 1n }];
  const { contract, topics, data } = raw(cast.event('TrainingRunRecorded', { inputs }));
  const [at, word] = cast.random.pick([
    [5, `1${'0'.repeat(16)}`],
    [6, `1${'0'.repeat(8)}`],
  ] as const);
  return { contract, topics, data: withWord(data, at, word), why: 'an item with bits outside its type' };
}

function anothersEvent(cast: Cast): HistoryLog {
  const { contract, topics, data } = raw(cast.event(anyEvent(cast.random)));
  const others = EVENTS.filter((other) => other.contract !== contract);
  return { contract: cast.random.pick(others).contract, topics, data, why: `an event of ${contract}` };
}

function trailingBytes(cast: Cast): EventLog {
  const log = cast.event(anyEvent(cast.random));
  return { ...log, data: `${encode(log).data}${'ab'.repeat(cast.random.between(1, 70))}` };
}

const TEXT_LAST = { DatanetCreated: 'metadataURI', ContributionSubmitted: 'uri', VoteCast: 'reason' } as const;

/** The last dynamic argument ends with its last byte, not at a word's end. */
function unpadded(cast: Cast): EventLog {
  const event = cast.random.pick(['DatanetCreated', 'ContributionSubmitted', 'VoteCast'] as const);
  const text = cast.random.pick(['x', 'without its padding', 'ünpadded, and longer than a single word of data']);
  const log = cast.event(event, { [TEXT_LAST[event]]: text });
  const missing = 32 - (Buffer.byteLength(text) % 32);
  return { ...log, data: encode(log).data.slice(0, -2 * missing) };
}

/** One byte that is no UTF-8 reads as one U+FFFD. */
function invalidUtf8(cast: Cast): EventLog {
  const event = cast.random.pick(['DatanetCreated', 'ContributionSubmitted', 'VoteCast'] as const);
  const key = TEXT_LAST[event];
  const log = cast.event(event, { [key]: 'bad #~# byte' });
  const good = encode(log).data;
  const hex = Buffer.from('#~#').toString('hex');
  return { ...log, args: { ...log.args, [key]: 'bad \uFFFD!\uFFFD byte' }, data: good.replace(hex, 'ff21c0') };
}

function withIndexed(random: Random): string {
  const event = anyEvent(random);
  return fragmentOf(event).inputs.some((input) => input.indexed) ? event : withIndexed(random);
}

function raw(log: EventLog) {
  return { contract: log.contract, ...encode(log) };
}

/** `data` with its n-th word replaced. */
function withWord(data: string, n: number, word: string): string {
  const at = 2 + n * WORD;
  return data.slice(0, at) + word.padStart(WORD, '0') + data.slice(at + WORD);
}
