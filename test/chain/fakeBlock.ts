import { keccak256, toBeHex, toQuantity, ZeroHash } from 'ethers';
import { encode } from '../oracle/encode';
import type { HistoryLog } from '../oracle/log';
import { addressOf } from '../oracle/pretend';
import { bytes, integer, rlp } from './rlp';
import { trieRoot } from './trieRoot';

export interface FakeLog {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
  blockHash: string;
  transactionHash: string;
  transactionIndex: string;
  logIndex: string;
  removed: boolean;
}

export interface FakeReceipt {
  type: string;
  status: string;
  cumulativeGasUsed: string;
  gasUsed: string;
  logsBloom: string;
  logs: FakeLog[];
  transactionHash: string;
  transactionIndex: string;
  blockHash: string;
  blockNumber: string;
  from: string;
  to: string;
  contractAddress: null;
  effectiveGasPrice: string;
}

/** A block as a node sends it, and what only its receipts say. */
export interface FakeBlock {
  number: number;
  hash: string;
  timestamp: number;
  /** As eth_getBlockByNumber answers it, transactions by hash. */
  json: Record<string, unknown>;
  receipts: FakeReceipt[];
  logs: FakeLog[];
}

const NO_UNCLES = keccak256(rlp([]));
const NO_BLOOM = `0x${'00'.repeat(256)}`;
const SUCCEEDED = integer(1);
const SENDER = `0x${'5e'.repeat(20)}`;

/** The block that follows `parent`; the genesis block without one. Another `mark` makes another block of the same content. */
export function buildBlock(
  mark: number,
  parent: FakeBlock | undefined,
  timestamp: number,
  txs: readonly (readonly HistoryLog[])[],
  hashOf: (tx: readonly HistoryLog[]) => string,
): FakeBlock {
  const number = parent ? parent.number + 1 : 0;
  let logIndex = 0;
  const drafts = txs.map((tx, index) => ({
    transactionHash: hashOf(tx),
    transactionIndex: toQuantity(index),
    logs: tx.map((log) => ({
      address: addressOf(log.contract),
      ...encode(log),
      transactionHash: hashOf(tx),
      transactionIndex: toQuantity(index),
      logIndex: toQuantity(logIndex++),
    })),
  }));
  const sealed = drafts.map(({ logs }, i) => ({ gasUsed: 21_000 * (i + 1), bloom: bloomOf(logs), logs }));
  const header = {
    parentHash: parent?.hash ?? ZeroHash,
    sha3Uncles: NO_UNCLES,
    miner: `0x${'00'.repeat(20)}`,
    stateRoot: ZeroHash,
    // Two forks may hold the same transactions; nobody checks the root of these, so it is only a mark of which they are.
    transactionsRoot: keccak256(
      Buffer.concat([ZeroHash, ...drafts.map(({ transactionHash }) => transactionHash)].map(bytes)),
    ),
    receiptsRoot: receiptsRoot(sealed),
    logsBloom: bloomOf(drafts.flatMap(({ logs }) => logs)),
    difficulty: '0x0',
    number: toQuantity(number),
    gasLimit: toQuantity(30_000_000),
    gasUsed: toQuantity(sealed.at(-1)?.gasUsed ?? 0),
    timestamp: toQuantity(timestamp),
    extraData: toBeHex(mark, 4),
    mixHash: ZeroHash,
    nonce: '0x0000000000000000',
    baseFeePerGas: toQuantity(1_000_000_000),
  };
  const hash = keccak256(rlp(Object.entries(header).map(([name, value]) => fieldOf(name, value))));
  const at = { blockHash: hash, blockNumber: toQuantity(number) };
  const receipts = drafts.map(({ logs, ...tx }, i) => ({
    type: '0x2',
    status: '0x1',
    cumulativeGasUsed: toQuantity(sealed[i]?.gasUsed ?? 0),
    gasUsed: toQuantity(21_000),
    logsBloom: sealed[i]?.bloom ?? NO_BLOOM,
    logs: logs.map((log) => ({ ...log, ...at, removed: false })),
    ...tx,
    ...at,
    from: SENDER,
    to: SENDER,
    contractAddress: null,
    effectiveGasPrice: toQuantity(1_000_000_000),
  }));
  return {
    number,
    hash,
    timestamp,
    json: {
      ...header,
      hash,
      size: '0x400',
      uncles: [],
      transactions: drafts.map(({ transactionHash }) => transactionHash),
    },
    receipts,
    logs: receipts.flatMap(({ logs }) => logs),
  };
}

const INTEGERS = new Set(['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'baseFeePerGas']);

function fieldOf(name: string, value: string): Buffer {
  return INTEGERS.has(name) ? integer(Number(value)) : bytes(value);
}

export interface SealedReceipt {
  gasUsed: number;
  bloom: string;
  logs: { address: string; topics: string[]; data: string }[];
}

/** Of receipts that all succeeded; those of type 0 came before types were written in front. */
export function receiptsRoot(receipts: readonly SealedReceipt[], type = 2): string {
  return trieRoot(
    receipts.map(({ gasUsed, bloom, logs }) => {
      const listed = logs.map(({ address, topics, data }) => [bytes(address), topics.map(bytes), bytes(data)]);
      return Buffer.concat([integer(type), rlp([SUCCEEDED, integer(gasUsed), bytes(bloom), listed])]);
    }),
  );
}

const bloomBits = new Map<string, number[]>();

/** Yellow paper, 4.3.1: three bits of 2048 for the address and for each topic. */
export function bloomOf(logs: readonly { address: string; topics: readonly string[] }[]): string {
  const bloom = Buffer.alloc(256);
  for (const { address, topics } of logs) {
    for (const value of [address, ...topics]) {
      let bits = bloomBits.get(value);
      if (!bits) {
        const hash = bytes(keccak256(bytes(value)));
        bits = [0, 2, 4].map((at) => hash.readUInt16BE(at) & 2047);
        bloomBits.set(value, bits);
      }
      for (const bit of bits) {
        const at = 255 - (bit >> 3);
        bloom[at] = (bloom[at] ?? 0) | (1 << (bit & 7));
      }
    }
  }
  return `0x${bloom.toString('hex')}`;
}
