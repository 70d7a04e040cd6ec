import { AppError } from '../../schema/appError';
import type { ChainConfig } from '../../schema/networkFile';
import type { Header, Tip } from '../store/blockRange';
import { mayHoldLogsOf } from '../verify/bloom';
import { LogProver, type ProvenLogs } from '../verify/logProver';
import type { LogsToProve } from '../verify/receiptLogs';
import type { RequestBudget } from '../verify/requestBudget';
import type { SealedHeader } from '../verify/sealedHeader';
import { Warnings } from '../verify/warnings';
import {
  announcedHeader,
  block,
  blockAt,
  isPacked,
  isPruned,
  isRefusal,
  parseHeaders,
  refusedFor,
  resultOf,
  toHex,
} from './blockCalls';
import { genesisHash } from './genesis';
import { type PackedLogs, packLogText } from './logText';
import { type RpcAnswer, type TransportOptions, UnfinishedAnswer } from './transport';
import type { ChainIdentity, Upstream } from './upstream';
import { RefusedRequest, Upstreams } from './upstreams';
import { packLogs, parseHeader } from './wire';

export { RefusedRequest };

export interface ChainSourceOptions extends TransportOptions {
  /** With several endpoints: a head that doesn't move for so long is looked for at the next one; default 30 s. */
  staleHeadMs?: number;
  /** Calls keep to it. */
  budget?: RequestBudget;
  /** Where to say what the endpoints turn out not to be able to do. */
  warnings?: Warnings;
}

const STALE_HEAD_MS = 30_000;

/** What the indexer asks of a chain. */
export class ChainSource {
  private readonly upstreams: Upstreams;
  private readonly identity: ChainIdentity;
  private readonly staleHeadMs: number;
  private newestHead = { hash: '', since: 0 };
  private announced: { header: SealedHeader; upstream: Upstream } | undefined;
  /** By the last that was heard. */
  private likelyHead = -1;
  /** What the endpoints turned out not to be able to do. */
  readonly warnings: Warnings;
  private readonly prover: LogProver;

  constructor(
    private readonly chain: Pick<ChainConfig, 'chainId' | 'rpc' | 'finality' | 'maxLogsRange'>,
    { staleHeadMs = STALE_HEAD_MS, warnings = new Warnings(), ...options }: ChainSourceOptions = {},
  ) {
    const { chainId, rpc, maxLogsRange } = chain;
    this.staleHeadMs = staleHeadMs;
    this.identity = { chainId };
    this.upstreams = new Upstreams({ ...options, rpc, identity: this.identity, maxLogsRange });
    this.warnings = warnings;
    this.prover = new LogProver(this.upstreams, this.warnings);
  }

  /** The hash that block 0 must have: endpoints that show another one are left out. */
  expectGenesis(hash: string): void {
    if (this.identity.genesis === hash) return;
    this.identity.genesis = hash;
    this.upstreams.doubtAll();
  }

  /** The number of blocks that the endpoint in use is known to answer eth_getLogs well for. */
  get rangeBlocks(): number {
    return this.upstreams.inUse.rangeSize.blocks;
  }

  /** How many there are. */
  get endpoints(): number {
    return this.upstreams.count;
  }

  /** The endpoint that is asked first, for `turnFrom`. */
  get inUse(): Upstream {
    return this.upstreams.inUse;
  }

  /** What this endpoint said doesn't fit together, or it lags: another one is asked first from now on. */
  turnFrom(upstream: Upstream): void {
    this.upstreams.turnFrom(upstream);
  }

  turnTo(upstream: Upstream): void {
    this.upstreams.turnTo(upstream);
  }

  onHead(wake: () => void): void {
    this.upstreams.onHead((said, upstream) => {
      const header = announcedHeader(said);
      if (header) {
        this.announced = { header, upstream };
        this.likelyHead = header.number;
      }
      wake();
    });
  }

  /**
   * To be called before `tip` near the head: what an announced head makes likely to be wanted next is asked for meanwhile.
   * Nothing is concluded from an announcement.
   */
  foresee(addresses: readonly string[]): void {
    if (!this.announced) return;
    const { header, upstream } = this.announced;
    this.announced = undefined;
    if (upstream !== this.inUse || upstream.pauseMs > 0) return;
    if (mayHoldLogsOf(header.logsBloom, addresses).length > 0) this.prover.foresee(header.hash, upstream);
  }

  close(): Promise<void> {
    return this.upstreams.close();
  }

  /** Head, safe and finalized as the node (or the configured depth) says; a tag that it doesn't know is left out. */
  async tip(): Promise<Tip & { head: SealedHeader }> {
    const { finality } = this.chain;
    // Which block is as deep as it takes is known with the head alone, which is mostly the one that was heard of last.
    const likely = 'depth' in finality ? this.likelyHead - finality.depth : -1;
    const deep = 'tag' in finality ? [block(finality.tag)] : likely >= 0 ? [blockAt(likely)] : [];
    const calls = [block('latest'), block('safe'), ...deep];
    const { head, safe, third } = await this.upstreams.ask(calls, (answers, { label, takesBatches }) => {
      this.warnOfTags(label, 'tag' in finality ? answers : answers.slice(0, 2));
      if (!takesBatches) {
        this.warnings.add(
          'batches',
          `${label} doesn't answer batches: every call is a request, and a block takes longer.`,
        );
      }
      const [latest, ...marks] = answers.map((answer) => ('result' in answer ? parseHeader(answer.result) : undefined));
      if (!latest) throw new AppError('RETRY', `${label} doesn't say its head`);
      // A mark above the head is of another node behind the same address, or wrong: what we have can't be judged by it.
      const [safe, third] = marks.map((mark) => (mark && mark.number <= latest.number ? mark : undefined));
      return { head: latest, safe, third };
    });
    await this.confirm([head, safe, 'tag' in finality ? third : undefined]);
    this.watchHead(head);
    this.likelyHead = head.number;
    if ('tag' in finality) return { head, safe, finalized: third };
    return { head, safe, finalized: await this.headerAt(head.number - finality.depth, third) };
  }

  /** @param asked the header that was asked for when the number was not known for sure */
  private async headerAt(number: number, asked: SealedHeader | undefined): Promise<SealedHeader | undefined> {
    if (number < 0) return undefined;
    if (asked?.number === number) return asked;
    const [header] = await this.headers([number]);
    return header;
  }

  /**
   * A header that its hash doesn't prove (a block without logs of a node that leaves blooms out looks like that, too) may
   * say any number: the block of that number must be it.
   */
  private async confirm(said: readonly (SealedHeader | undefined)[]): Promise<void> {
    const doubtful = said.filter((header) => header !== undefined && header.standing !== 'proven') as SealedHeader[];
    if (doubtful.length === 0) return;
    const asked = this.inUse;
    const found = await this.headers(doubtful.map(({ number }) => number));
    const wrong = doubtful.find(({ hash }, i) => found[i]?.hash !== hash);
    if (!wrong) return;
    this.turnFrom(asked);
    throw new AppError(
      'RETRY',
      `${asked.label} says block ${wrong.number} is ${wrong.hash}, and has another one there`,
    );
  }

  /** The hash of block 0; undefined where the node doesn't keep blocks that old. */
  async genesis(): Promise<string | undefined> {
    try {
      const [zero, one] = await this.headers([0, 1]);
      return genesisHash(this.inUse.label, zero, one);
    } catch (error) {
      // Nodes that prune old blocks answer null or an error of their own.
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  /** In the order of the numbers; undefined where the node has no such block. Throws RefusedRequest. */
  headers(numbers: readonly number[]): Promise<(SealedHeader | undefined)[]> {
    return this.upstreams.ask(numbers.map(blockAt), (answers, { label }) => parseHeaders(label, numbers, answers));
  }

  /**
   * The same of every endpoint that answers now; one that refuses a block has none. With a single endpoint it is that
   * one's alone.
   */
  async headersOfEach(numbers: readonly number[]): Promise<{ upstream: Upstream; headers: (Header | undefined)[] }[]> {
    const each = await this.upstreams.askEach(numbers.map(blockAt), (answers, { label }) =>
      parseHeaders(
        label,
        numbers,
        answers.map((answer) => ('error' in answer ? { result: null } : answer)),
      ),
    );
    return each.map(({ upstream, answer }) => ({ upstream, headers: answer }));
  }

  /** All logs of these addresses in whole blocks, proven as far as the endpoints allow; in the order of the headers. */
  provenLogs(headers: readonly SealedHeader[], addresses: readonly string[]): Promise<ProvenLogs[]> {
    return this.prover.logsOf(headers, addresses);
  }

  /** The same of one block, to be proven before they count; undefined where only `provenLogs` tells what can be had. */
  logsToProve(header: SealedHeader, addresses: readonly string[]): Promise<LogsToProve | undefined> {
    return this.prover.logsToProve(header, addresses);
  }

  /**
   * Logs of a range, and the header of its end in the same batch: a node that is behind would clip the logs silently,
   * but can't show that block. Throws RefusedRequest.
   */
  logsOfRange(
    fromBlock: number,
    toBlock: number,
    addresses: readonly string[],
  ): Promise<{ last: SealedHeader } & PackedLogs> {
    const params = [{ fromBlock: toHex(fromBlock), toBlock: toHex(toBlock), address: addresses }];
    const blocks = toBlock - fromBlock + 1;
    return this.upstreams.ask(
      [blockAt(toBlock), { method: 'eth_getLogs', params, read: (from) => packLogText(from, addresses) }],
      ([end, answer], { rangeSize, label }) => {
        for (const said of [end, answer]) {
          // Less of it is pruned as well.
          if (said && 'error' in said && isPruned(said.error)) {
            throw new AppError('RETRY', `${label} doesn't keep ${fromBlock}..${toBlock}: ${said.error.message}`);
          }
        }
        if (answer && 'error' in answer) {
          rangeSize.refused(blocks, answer.error.message);
          throw refusedFor(answer.error, true);
        }
        const [last] = parseHeaders(label, [toBlock], [end as RpcAnswer]);
        if (!last) throw new AppError('RETRY', `${label} doesn't have block ${toBlock} yet`);
        const result = resultOf(answer as RpcAnswer);
        const packed = isPacked(result) ? result : packLogs(result, addresses);
        for (const blockNumber of packed.blockHashes.keys()) {
          if (blockNumber >= fromBlock && blockNumber <= toBlock) continue;
          throw new AppError('RETRY', `${label} sent a log of block ${blockNumber} for ${fromBlock}..${toBlock}`);
        }
        rangeSize.answered(blocks, packed.logs.length);
        return { last, ...packed };
      },
      (error, { rangeSize }) => {
        if (error instanceof UnfinishedAnswer) rangeSize.refused(blocks, '');
      },
    );
  }

  /** An answer with so many logs was cut off without a word. */
  noteTruncation(blocks: number, logs: number): void {
    this.upstreams.inUse.rangeSize.truncated(blocks, logs);
  }

  /** @param answers to the calls of `tip` */
  private warnOfTags(label: string, [, safe, finalized]: readonly RpcAnswer[]): void {
    const isKnown = (answer: RpcAnswer) => 'result' in answer && answer.result !== null;
    const say = (tag: string, answer: RpcAnswer | undefined, cost: string) => {
      if (!answer || isKnown(answer)) this.warnings.remove(`tag ${tag}`);
      else this.warnings.add(`tag ${tag}`, `${label} doesn't know the tag ${tag}: ${cost}`);
    };
    say('finalized', finalized, 'nothing becomes final. Configure finality by depth instead.');
    say('safe', safe, 'no block is shown as safe before it is final.');
  }

  /** A node may stand still without failing; only another one can tell. */
  private watchHead({ hash }: Header): void {
    const now = performance.now();
    if (hash === this.newestHead.hash && now - this.newestHead.since < this.staleHeadMs) return;
    if (hash === this.newestHead.hash) this.upstreams.turnFrom(this.upstreams.inUse);
    this.newestHead = { hash, since: now };
  }
}
