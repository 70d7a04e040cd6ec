import { JsonBytes, UnknownShape } from './jsonBytes';
import { type RpcAnswer, type RpcCall, readAnswer, type WireRequest } from './transport';

const ID = Buffer.from('id');
const RESULT = Buffer.from('result');

/**
 * The answers to a batch of which some calls read their results' bytes; the rest goes through JSON.parse. Undefined where
 * no call does, and for everything that is not a plain answer to each of the calls: JSON.parse of the whole says what it is.
 */
export function readAnswers(
  bytes: Buffer,
  requests: readonly WireRequest[],
  calls: readonly RpcCall[],
): RpcAnswer[] | undefined {
  const readers = new Map<unknown, RpcCall['read']>();
  requests.forEach(({ id }, i) => {
    if (calls[i]?.read) readers.set(id, calls[i].read);
  });
  if (readers.size === 0) return undefined;
  try {
    const results = resultsOf(new JsonBytes(bytes), requests.length > 1, readers);
    return requests.map(({ id }) => {
      const answer = readAnswer({ id, result: results.get(id) });
      if (!answer) throw new UnknownShape(`no answer ${id}`);
      return answer.answer;
    });
  } catch (error) {
    if (error instanceof UnknownShape || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type Readers = ReadonlyMap<unknown, RpcCall['read']>;

/** By id. */
function resultsOf(from: JsonBytes, isBatch: boolean, readers: Readers): Map<unknown, unknown> {
  const results = new Map<unknown, unknown>();
  if (isBatch) from.take('[');
  do {
    const { id, result } = answerOf(from, readers);
    results.set(id, result);
  } while (isBatch && from.another(']'));
  if (from.bytes.toString('latin1', from.at).trim() !== '') throw new UnknownShape('more after its end');
  return results;
}

function answerOf(from: JsonBytes, readers: Readers): { id: unknown; result: unknown } {
  let id: unknown;
  let result: unknown;
  /** A result that came before its id. */
  let resultAt = -1;
  from.take('{');
  do {
    const key = from.key();
    if (from.isKey(key, ID)) id = parseValue(from);
    else if (!from.isKey(key, RESULT)) from.skip();
    else if (id === undefined) {
      resultAt = from.at;
      from.skip();
    } else result = readResult(from, readers.get(id));
  } while (from.another('}'));
  if (resultAt >= 0) result = readResult(new JsonBytes(from.bytes, resultAt), readers.get(id));
  if (result === undefined) throw new UnknownShape('an answer without a result');
  return { id, result };
}

function readResult(from: JsonBytes, read: RpcCall['read']): unknown {
  const { at } = from;
  const result = read?.(from);
  if (result !== undefined) return result;
  from.at = at;
  return parseValue(from);
}

function parseValue(from: JsonBytes): unknown {
  from.peek();
  const start = from.at;
  from.skip();
  return JSON.parse(from.bytes.toString('utf8', start, from.at));
}
