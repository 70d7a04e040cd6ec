import { Interface } from 'ethers';
import { compileDecoder } from '../../schema/eventDecoder';
import fc from '../run/fastCheck';
import { anyLogOf, everyEvent, readByEthers } from './anyEvent';

describe('a decoder compiled from a signature', () => {
  it.each(everyEvent.map((event) => [event.title, event] as const))('reads %s as ethers does', (_, event) => {
    fc.assert(
      fc.property(anyLogOf(event), (log) => {
        const args = event.decoder.decode(log.topics, log.data);
        expect(args).toEqual(readByEthers(event, log));
        expect(Object.keys(args)).toEqual(event.fragment.inputs.map(({ name }) => name));
      }),
      { numRuns: 60 },
    );
  });

  it('knows its topic0, name and signature', () => {
    for (const { decoder, fragment } of everyEvent) {
      expect(decoder).toMatchObject({ topic0: fragment.topicHash, name: fragment.name });
      expect(compileDecoder(decoder.fragment).topic0).toBe(decoder.topic0);
    }
  });

  it('makes integers up to 32 bits numbers and wider ones bigint, down to the least', () => {
    const decode = (type: string, word: string) =>
      compileDecoder(`event E(${type} value)`).decode([compileDecoder(`event E(${type} value)`).topic0], `0x${word}`)[
        'value'
      ];
    const ones = (n: number) => 'f'.repeat(n);
    expect(decode('uint32', ones(8).padStart(64, '0'))).toBe(4_294_967_295);
    expect(decode('int32', `${ones(56)}80000000`)).toBe(-2_147_483_648);
    expect(decode('int8', `${ones(62)}80`)).toBe(-128);
    expect(decode('uint40', ones(10).padStart(64, '0'))).toBe(2n ** 40n - 1n);
    expect(decode('uint256', ones(64))).toBe(2n ** 256n - 1n);
    expect(decode('int256', `8${'0'.repeat(63)}`)).toBe(-(2n ** 255n));
    expect(decode('int256', ones(64))).toBe(-1n);
    expect(decode('bytes4', `deadbeef${'0'.repeat(56)}`)).toBe('0xdeadbeef');
  });

  it('reads types that no profile has yet: fixed arrays, nested arrays, static structs, dynamic topics', () => {
    const signature =
      'event E(string indexed name, uint8[3] three, tuple(bool on, uint16[2] pair) fixed, string[2] names, uint64[][] rows)';
    const abi = new Interface([signature]);
    const values = ['topic', [1, 2, 3], [true, [4, 5]], ['six', 'ünd sieben'], [[8, 9], [], [10]]];
    const { topics, data } = abi.encodeEventLog('E', values);
    expect(compileDecoder(signature).decode(topics, data)).toEqual({
      name: topics[1],
      three: [1, 2, 3],
      fixed: { on: true, pair: [4, 5] },
      names: ['six', 'ünd sieben'],
      rows: [[8n, 9n], [], [10n]],
    });
  });
});
