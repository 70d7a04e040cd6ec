/**
 * A contract that emits what its input says, as code for anvil_setCode: a benchmark needs a long history quickly, and
 * running the real contracts takes minutes. The input is a run of records: number of topics (32 bytes), size of the data
 * (32 bytes), the topics, the data. In words:
 *
 *     for (at = 0; at < calldatasize; at += 64 + 32 * topics + size) log the record at `at`
 */
export function emitterCode(): string {
  const blocks = [0, 1, 2, 3, 4].map(logBlock);
  const head = (starts: readonly number[]) => [
    ...push(0), // at
    ...LOOP,
    ...[DUP1, CALLDATASIZE, GT, ...push(BODY), JUMPI, STOP],
    ...[JUMPDEST, DUP1, CALLDATALOAD], // at, topics
    ...starts.flatMap((start, topics) => [DUP1, ...push(topics), EQ, ...push2(start), JUMPI]),
    STOP,
  ];
  const starts: number[] = [];
  let end = head([0, 0, 0, 0, 0]).length;
  for (const block of blocks) {
    starts.push(end);
    end += block.length;
  }
  return `0x${Buffer.from([...head(starts), ...blocks.flat()]).toString('hex')}`;
}

export interface LogRecord {
  /** 0x hex words, topic0 first. */
  topics: readonly string[];
  /** 0x hex. */
  data: string;
}

/** The input that makes the emitter emit these logs, in their order. */
export function emitterInput(logs: readonly LogRecord[]): string {
  const word = (n: number) => n.toString(16).padStart(64, '0');
  const records = logs.map(
    ({ topics, data }) =>
      word(topics.length) + word(data.length / 2 - 1) + topics.map((topic) => topic.slice(2)).join('') + data.slice(2),
  );
  return `0x${records.join('')}`;
}

const [STOP, ADD, GT, EQ, POP] = [0x00, 0x01, 0x11, 0x14, 0x50] as const;
const [CALLDATALOAD, CALLDATASIZE, CALLDATACOPY] = [0x35, 0x36, 0x37] as const;
const [JUMP, JUMPI, JUMPDEST, DUP1, LOG0] = [0x56, 0x57, 0x5b, 0x80, 0xa0] as const;
const push = (value: number) => [0x60, value];
const push2 = (value: number) => [0x61, value >> 8, value & 0xff];
const dup = (depth: number) => DUP1 + depth - 1;

const LOOP = [JUMPDEST];
const LOOP_START = 2;
const BODY = 10;

/** Logs the record at `at` with this many topics and goes on after it. Comments show the stack, its top last. */
function logBlock(topics: number): number[] {
  const headSize = 64 + 32 * topics;
  const load = (offset: number, depth: number) => [...push(offset), dup(depth + 1), ADD, CALLDATALOAD];
  const pushTopics = Array.from({ length: topics }, (_, i) => load(64 + 32 * (topics - 1 - i), i + 1)).flat();
  return [
    ...[JUMPDEST, POP], // at
    ...pushTopics, // at, last topic .. first topic
    ...load(32, topics + 1), // .., size
    ...[DUP1, ...push(headSize), dup(topics + 4), ADD, ...push(0), CALLDATACOPY],
    ...[...push(0), LOG0 + topics], // at
    ...[...load(32, 1), ADD, ...push(headSize), ADD], // at of the next
    ...[...push(LOOP_START), JUMP],
  ];
}
