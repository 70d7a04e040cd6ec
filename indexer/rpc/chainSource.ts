import { AppError } from '../../schema/appError';
import type { ChainConfig } from '../../schema/networkFile';
import type { Header, Tip } from '../store/blockRange';
import type { RpcAnswer, RpcCall } from './transport';
import { RefusedRequest, Upstreams } from './upstreams';
import { type PlacedLog, parseHeader, parseLogs } from './wire';

export { RefusedRequest };

/** What the indexer asks of a chain. */
export class ChainSource {
  private readonly upstreams: Upstreams;

  constructor(private readonly chain: Pick<ChainConfig, 'chainId' | 'rpc' | 'finality' | 'maxLogsRange'>) {
    this.upstreams = new Upstreams(chain.chainId, chain.rpc, chain.maxLogsRange);
  }

  /** The number of blocks that the endpoint in use is known to answer eth_getLogs well for. */
  get rangeBlocks(): number {
    return this.upstreams.inUse.rangeSize.blocks;
  }

  onHead(wake: () => void): void {
    this.upstreams.onHead(wake);
  }

  close(): Promise<void> {
    return this.upstreams.close();
  }

  /** Head, safe and finalized as the node (or the configured depth) says; a tag that it doesn't know is left out. */
  async tip(): Promise<Tip> {
    const { finality } = this.chain;
    const answers = await this.upstreams.send([
      block('latest'),
      block('safe'),
      ...('tag' in finality ? [block(finality.tag)] : []),
    ]);
    const [head, safe, tagged] = answers.map((answer) => ('result' in answer ? parseHeader(answer.result) : undefined));
    if (!head) throw new AppError('RETRY', `${this.upstreams.label} doesn't say its head`);
    if ('tag' in finality) return { head, safe, finalized: tagged };
    const depthNumber = head.number - finality.depth;
    const [deep] = depthNumber >= 0 ? await this.headers([depthNumber]) : [];
    return { head, safe, finalized: deep };
  }

  /** The hash of block 0; undefined where the node doesn't keep blocks that old. */
  async genesis(): Promise<string | undefined> {
    try {
      return (await this.headers([0]))[0]?.hash;
    } catch (error) {
      // Nodes that prune old blocks answer null or an error of their own.
      if (error instanceof RefusedRequest) return undefined;
      throw error;
    }
  }

  /** In the order of the numbers; undefined where the node has no such block. Throws RefusedRequest. */
  async headers(numbers: readonly number[]): Promise<(Header | undefined)[]> {
    const answers = await this.upstreams.send(numbers.map((number) => block(toHex(number))));
    return answers.map((answer, i) => {
      const header = parseHeader(resultOf(answer));
      if (header && header.number !== numbers[i]) {
        throw new AppError('RETRY', `${this.upstreams.label} sent block ${header.number} for ${numbers[i]}`);
      }
      return header;
    });
  }

  /** Logs of whole blocks, named by hash so that no other fork's can come. Throws RefusedRequest. */
  async logsOfBlocks(hashes: readonly string[], addresses: readonly string[]): Promise<PlacedLog[][]> {
    const answers = await this.upstreams.send(
      hashes.map((blockHash) => ({ method: 'eth_getLogs', params: [{ blockHash, address: addresses }] })),
    );
    return answers.map((answer, i) => {
      const logs = parseLogs(resultOf(answer));
      const foreign = logs.find(({ blockHash }) => blockHash !== hashes[i]);
      if (foreign) throw new AppError('RETRY', `a log of block ${foreign.blockHash} came with those of ${hashes[i]}`);
      return logs;
    });
  }

  /**
   * Logs of a range, and the header of its end in the same batch: a node that is behind would clip the logs silently,
   * but can't show that block. Throws RefusedRequest.
   */
  logsOfRange(fromBlock: number, toBlock: number, addresses: readonly string[]) {
    const calls = [
      block(toHex(toBlock)),
      {
        method: 'eth_getLogs',
        params: [{ fromBlock: toHex(fromBlock), toBlock: toHex(toBlock), address: addresses }],
      },
    ];
    const blocks = toBlock - fromBlock + 1;
    return this.upstreams.ask(calls, ([end, logs], { rangeSize, transport }) => {
      if (logs && 'error' in logs) rangeSize.refused(blocks, logs.error.message);
      const last = parseHeader(resultOf(end as RpcAnswer));
      if (!last) throw new AppError('RETRY', `${transport.label} doesn't have block ${toBlock} yet`);
      const found = parseLogs(resultOf(logs as RpcAnswer));
      rangeSize.answered(blocks, found.length);
      return { last, logs: found };
    });
  }
}

function block(tag: string): RpcCall {
  return { method: 'eth_getBlockByNumber', params: [tag, false] };
}

function resultOf(answer: RpcAnswer): unknown {
  if ('error' in answer) throw new RefusedRequest(`the node refuses: ${answer.error.message}`);
  return answer.result;
}

function toHex(number: number): string {
  return `0x${number.toString(16)}`;
}
