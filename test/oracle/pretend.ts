import { id, type ParamType } from 'ethers';
import { contractOf, fragmentOf } from './abi';
import { encode, place } from './encode';
import type { Args, Block, EventLog, PlacedBlock, Value } from './log';

/** Places a history without a chain: block hashes read at sight (0xa04…: branch a, height 4). */
export function pretend(chainId: number, blocks: Block[], branch = 'a'): PlacedBlock[] {
  return blocks.map(({ number, timestamp, txs }) => {
    const hash = `0x${branch}${String(number).padStart(2, '0')}`.padEnd(66, '0');
    const logs = txs.flatMap((tx, i) => tx.map((log) => ({ log, transactionHash: id(`${hash} ${i}`) })));
    const mined = logs.map(({ log, transactionHash }, logIndex) => ({
      transactionHash,
      logIndex,
      address: addressOf(log.contract),
      ...encode(log),
    }));
    return place(chainId, { number, hash, timestamp, logs: mined }, txs.flat());
  });
}

/** A made-up address per contract. */
export function addressOf(contract: string): string {
  return `0x${id(contract).slice(-40)}`;
}

/** An event whose arguments are all zero or empty but for the given ones. */
export function blank(event: string, given: Args = {}): EventLog {
  const args = Object.fromEntries(
    fragmentOf(event).inputs.map((input) => [input.name, given[input.name] ?? zero(input)]),
  );
  return { contract: contractOf(event), event, args };
}

function zero({ type, arrayChildren, components }: ParamType): Value {
  if (arrayChildren) return [];
  if (components) return Object.fromEntries(components.map((part) => [part.name, zero(part)]));
  if (type === 'bool') return false;
  if (type === 'string') return '';
  if (type === 'address') return `0x${'00'.repeat(20)}`;
  if (type === 'bytes') return '0x';
  return type.startsWith('bytes') ? `0x${'00'.repeat(Number(type.slice(5)))}` : 0n;
}
