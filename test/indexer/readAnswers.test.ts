import type { JsonBytes } from '../../indexer/rpc/jsonBytes';
import { readAnswers } from '../../indexer/rpc/readAnswers';
import type { RpcCall } from '../../indexer/rpc/transport';

/** Reads a list of nothing but ones, as their number. */
function countOnes(from: JsonBytes): number | undefined {
  from.take('[');
  let ones = 0;
  do {
    if (from.peek() !== '1'.charCodeAt(0)) return undefined;
    from.at++;
    ones++;
  } while (from.another(']'));
  return ones;
}

const plain: RpcCall = { method: 'eth_getBlockByNumber', params: [] };
const ones: RpcCall = { method: 'eth_getLogs', params: [], read: countOnes };
const requests = (calls: readonly RpcCall[]) =>
  calls.map(({ method, params }, i) => ({ jsonrpc: '2.0' as const, id: i + 1, method, params }));
const read = (json: string, calls: readonly RpcCall[]) => readAnswers(Buffer.from(json), requests(calls), calls);
const results = (...values: unknown[]) => values.map((result) => ({ result }));

describe('the answers to a batch', () => {
  const block = '{"number":"0x1","text":"é \\" ]}"}';

  it.each([
    ['as nodes write them', `[{"jsonrpc":"2.0","id":1,"result":${block}},{"jsonrpc":"2.0","id":2,"result":[1,1,1]}]`],
    ['with the result before its id', `[{"result":${block},"id":1},{"result":[1,1,1],"id":2,"jsonrpc":"2.0"}]`],
    ['in another order', `[{"id":2,"result":[1,1,1]},{"id":1,"result":${block}}]`],
    ['with spaces', ` [ { "id" : 1 , "result" : ${block} } , { "id" : 2 , "result" : [ 1 , 1 , 1 ] } ] \n`],
    [
      'with more members',
      `[{"id":1,"result":${block},"a":[{"b":"]"}]},{"a":null,"id":2,"b":{},"result":[1,1,1],"c":1}]`,
    ],
  ])('are read where they stand %s', (_, json) => {
    expect(read(json, [plain, ones])).toEqual(results({ number: '0x1', text: 'é " ]}' }, 3));
  });

  it('go through JSON.parse, one by one, where a reader does not know them', () => {
    expect(read('[{"id":1,"result":[1,1,2]},{"result":[2],"id":2}]', [ones, ones])).toEqual(results([1, 1, 2], [2]));
    expect(read('[{"id":1,"result":null},{"id":2,"result":[1]}]', [plain, ones])).toEqual(results(null, 1));
  });

  it('alone are none in a list', () => {
    expect(read('{"id":1,"result":[1,1]}', [ones])).toEqual(results(2));
  });

  it.each([
    ['an error', '[{"id":1,"error":{"code":1,"message":"no"}},{"id":2,"result":[1]}]'],
    ['one missing', '[{"id":2,"result":[1]}]'],
    ['one of another id', '[{"id":3,"result":null},{"id":2,"result":[1]}]'],
    ['one without a result', '[{"id":1},{"id":2,"result":[1]}]'],
    ['an end that is cut off', '[{"id":1,"result":{}},{"id":2,"result":[1]}'],
    ['more after their end', '[{"id":1,"result":{}},{"id":2,"result":[1]}] []'],
    ['no JSON in them', '[{"id":1,"result":{a}},{"id":2,"result":[1]}]'],
    ['no list around them', '{"id":1,"result":{}}'],
  ])('with %s are left to JSON.parse of the whole', (_, json) => {
    expect(read(json, [plain, ones])).toBeUndefined();
  });

  it('to calls that read nothing are left to it, too', () => {
    expect(read('[{"id":1,"result":{}},{"id":2,"result":{}}]', [plain, plain])).toBeUndefined();
  });
});
