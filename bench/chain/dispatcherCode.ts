/**
 * A contract that calls others in turn, as code for anvil_setCode: a transaction of the loop speaks through several
 * contracts. The input is a run of records: address (32 bytes), size (32 bytes), input of the call. In words:
 *
 *     for (at = 0; at < calldatasize; at += 64 + size) call the address at `at` with the input after it
 */
export function dispatcherCode(): string {
  const [loop, body] = [2, 10];
  const size = [...push(32), DUP2, ADD, CALLDATALOAD]; // at -> at, size
  const code = [
    ...push(0), // at
    JUMPDEST,
    ...[DUP1, CALLDATASIZE, GT, ...push(body), JUMPI, STOP],
    JUMPDEST, // at
    ...size, // at, size
    ...[DUP1, ...push(64), DUP1 + 3, ADD, ...push(0), CALLDATACOPY], // at, size
    // out size, out offset, in size, in offset, value, address, gas
    ...[...push(0), ...push(0), DUP1 + 2, ...push(0), ...push(0), DUP1 + 6, CALLDATALOAD, GAS, CALL, POP],
    ...[ADD, ...push(64), ADD, ...push(loop), JUMP],
  ];
  return `0x${Buffer.from(code).toString('hex')}`;
}

/** The input that makes the dispatcher call these, in their order. Hex with 0x. */
export function dispatcherInput(calls: readonly { address: string; input: string }[]): string {
  const word = (hex: string) => hex.padStart(64, '0');
  const records = calls.map(
    ({ address, input }) => word(address.slice(2)) + word((input.length / 2 - 1).toString(16)) + input.slice(2),
  );
  return `0x${records.join('')}`;
}

const [STOP, ADD, GT, POP, JUMP, JUMPI, GAS, JUMPDEST] = [0x00, 0x01, 0x11, 0x50, 0x56, 0x57, 0x5a, 0x5b] as const;
const [CALLDATALOAD, CALLDATASIZE, CALLDATACOPY, CALL] = [0x35, 0x36, 0x37, 0xf1] as const;
const [DUP1, DUP2] = [0x80, 0x81] as const;
const push = (value: number) => [0x60, value];
