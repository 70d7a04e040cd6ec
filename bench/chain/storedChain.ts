import { closeSync, openSync, readFileSync, readSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { bloomOf } from '../../indexer/verify/bloom';
import { headerHash } from '../../indexer/verify/headerHash';
import { receiptsRoot } from '../../indexer/verify/receiptsRoot';
import { BLOCK_SECONDS, benchBlocks, type EmittedBlock, GENESIS_TIMESTAMP } from './benchBlocks';

/**
 * A chain in a file, for histories that an anvil can't hold: headers and logs as a node answers them, deflated, a chunk
 * for some blocks. Its blooms, receiptsRoots, parents and hashes are those of its content, so that every check of an
 * indexer passes; its transactions and states are made up.
 */
export interface StoredIndex {
  /** Blocks per chunk. */
  chunkBlocks: number;
  /** Where each chunk begins in the file; one more for the end of the last. */
  offsets: number[];
  hashes: string[];
  /** Of each block and all before. */
  events: number[];
}

export interface StoredBlock {
  /** Of eth_getBlockByNumber. */
  header: string;
  /** Items of an answer to eth_getLogs, without the brackets. */
  logs: string;
}

type Json = Record<string, unknown>;

const CHUNK_BLOCKS = 10;
const SEPARATOR = '\n';
const EMPTY_UNCLES = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347';
const FEED = '0123456789abcdef';

/** Writes `file` and, when it is whole, `file`.json. */
export function buildStoredChain(file: string, events: number): void {
  const output = openSync(`${file}.new`, 'w');
  const index: StoredIndex = { chunkBlocks: CHUNK_BLOCKS, offsets: [0], hashes: [], events: [] };
  let chunk: string[] = [];
  let at = 0;
  let parentHash = `0x${'0'.repeat(64)}`;
  let told = 0;
  const flush = () => {
    const packed = deflateRawSync(chunk.join(SEPARATOR), { level: 1 });
    writeSync(output, packed);
    at += packed.length;
    index.offsets.push(at);
    chunk = [];
  };
  for (const block of withGenesis(benchBlocks(events))) {
    const made = placeBlock(block, index.hashes.length, parentHash);
    parentHash = made.hash;
    told += block.flat().length;
    index.hashes.push(made.hash);
    index.events.push(told);
    chunk.push(made.header, made.logs);
    if (chunk.length === 2 * CHUNK_BLOCKS) flush();
  }
  if (chunk.length > 0) flush();
  closeSync(output);
  renameSync(`${file}.new`, file);
  writeFileSync(`${file}.json`, JSON.stringify(index));
}

function* withGenesis(blocks: Iterable<EmittedBlock>): Generator<EmittedBlock> {
  yield [];
  yield* blocks;
}

/** A block as a node answers it (StoredBlock), and its hash. */
export function placeBlock(block: EmittedBlock, number: number, parentHash: string): StoredBlock & { hash: string } {
  let logIndex = 0;
  const blockNumber = hex(number);
  const transactions = block.map((_, i) => madeUp(number, i));
  // The block's hash is known once its logs are: they get it at the end.
  const logs = block.map((transaction, i) =>
    transaction.map(({ address, topics, data }) => ({
      address,
      topics,
      data,
      blockHash: '',
      blockNumber,
      transactionHash: transactions[i]!,
      transactionIndex: hex(i),
      logIndex: hex(logIndex++),
      removed: false,
    })),
  );
  const header: Json = {
    parentHash,
    sha3Uncles: EMPTY_UNCLES,
    miner: `0x${'0'.repeat(40)}`,
    stateRoot: madeUp(number, 1_000_001),
    transactionsRoot: madeUp(number, 1_000_002),
    receiptsRoot: receiptsRoot(receiptsOf(logs))!,
    logsBloom: bloomOf(block.flat()),
    difficulty: '0x0',
    number: blockNumber,
    gasLimit: '0x77359400',
    gasUsed: hex(logs.length * GAS_USED),
    timestamp: hex(GENESIS_TIMESTAMP + number * BLOCK_SECONDS),
    extraData: '0x',
    mixHash: `0x${'0'.repeat(64)}`,
    nonce: '0x0000000000000000',
    baseFeePerGas: '0x0',
  };
  const hash = headerHash(header)!;
  for (const log of logs.flat()) log.blockHash = hash;
  return {
    hash,
    header: JSON.stringify({ ...header, hash, size: '0x1000', uncles: [], transactions }),
    logs: logs
      .flat()
      .map((log) => JSON.stringify(log))
      .join(','),
  };
}

const GAS_USED = 300_000;

/** As eth_getBlockReceipts answers, of a block's logs per transaction. */
export function receiptsOf(logs: readonly (readonly Json[])[]): Json[] {
  return logs.map((own, i) => ({
    type: '0x0',
    status: '0x1',
    cumulativeGasUsed: hex((i + 1) * GAS_USED),
    gasUsed: hex(GAS_USED),
    logsBloom: bloomOf(own as never),
    transactionHash: own[0]?.['transactionHash'],
    transactionIndex: hex(i),
    blockHash: own[0]?.['blockHash'],
    blockNumber: own[0]?.['blockNumber'],
    logs: own,
  }));
}

/** A block's logs (StoredBlock) for receiptsOf. */
export function logsByTransaction(logs: string): Json[][] {
  const byTransaction = new Map<unknown, Json[]>();
  for (const log of JSON.parse(`[${logs}]`) as Json[]) {
    const own = byTransaction.get(log['transactionHash']);
    if (own) own.push(log);
    else byTransaction.set(log['transactionHash'], [log]);
  }
  return [...byTransaction.values()];
}

/** 32 bytes that nothing else has. */
function madeUp(number: number, i: number): string {
  const tail = number.toString(16).padStart(16, '0') + i.toString(16).padStart(16, '0');
  return `0x${FEED}${FEED}${tail}`;
}

const hex = (value: number) => `0x${value.toString(16)}`;

const KEPT_CHUNKS = 100;

/** Reads a stored chain's blocks, the last chunks of them from memory. */
export class StoredChain {
  readonly index: StoredIndex;
  private readonly file: number;
  private readonly chunks = new Map<number, StoredBlock[]>();

  constructor(file: string) {
    this.index = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as StoredIndex;
    this.file = openSync(file, 'r');
  }

  get head(): number {
    return this.index.hashes.length - 1;
  }

  block(number: number): StoredBlock | undefined {
    if (number < 0 || number > this.head) return undefined;
    const { chunkBlocks } = this.index;
    return this.chunk(Math.floor(number / chunkBlocks))[number % chunkBlocks];
  }

  close(): void {
    closeSync(this.file);
  }

  private chunk(n: number): StoredBlock[] {
    const kept = this.chunks.get(n);
    if (kept) return kept;
    const [from, to] = [this.index.offsets[n]!, this.index.offsets[n + 1]!];
    const packed = Buffer.alloc(to - from);
    readSync(this.file, packed, 0, packed.length, from);
    const lines = inflateRawSync(packed).toString('latin1').split(SEPARATOR);
    const blocks = Array.from({ length: lines.length / 2 }, (_, i) => ({
      header: lines[2 * i]!,
      logs: lines[2 * i + 1]!,
    }));
    if (this.chunks.size >= KEPT_CHUNKS) this.chunks.delete(this.chunks.keys().next().value as number);
    this.chunks.set(n, blocks);
    return blocks;
  }
}
