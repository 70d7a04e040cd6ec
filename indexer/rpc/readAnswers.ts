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
  if (!calls.some(({ read }) => read)) return undefined;
  try {
    const spans = spansOf(new JsonBytes(bytes), requests.length > 1);
    return requests.map(({ id }, i) => {
      const span = spans.get(id);
      if (!span) throw new UnknownShape(`no answer ${id}`);
      const json = bytes.subarray(span.from, span.to);
      const read = readAnswer({ id, result: calls[i]?.read?.(json) ?? JSON.parse(json.toString()) });
      if (!read) throw new UnknownShape('no result');
      return read.answer;
    });
  } catch (error) {
    if (error instanceof UnknownShape || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Where a result stands. */
interface Span {
  id: unknown;
  from: number;
  to: number;
}

function spansOf(from: JsonBytes, isBatch: boolean): Map<unknown, Span> {
  const spans = new Map<unknown, Span>();
  if (isBatch) from.take('[');
  do {
    const span = spanOf(from);
    spans.set(span.id, span);
  } while (isBatch && from.another(']'));
  if (from.bytes.toString('latin1', from.at).trim() !== '') throw new UnknownShape('more after its end');
  return spans;
}

function spanOf(from: JsonBytes): Span {
  const span: Span = { id: undefined, from: 0, to: 0 };
  from.take('{');
  do {
    const key = from.key();
    const [isId, isResult] = [from.isKey(key, ID), from.isKey(key, RESULT)];
    from.peek();
    const start = from.at;
    from.skip();
    if (isId) span.id = JSON.parse(from.bytes.toString('latin1', start, from.at));
    if (isResult) [span.from, span.to] = [start, from.at];
  } while (from.another('}'));
  if (span.to === 0) throw new UnknownShape('an answer without a result');
  return span;
}
