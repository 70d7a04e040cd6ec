import { setImmediate as turn } from 'node:timers/promises';
import { AppError } from '../../schema/appError';
import type { RpcAnswer, RpcCall } from '../rpc/transport';
import type { Upstream } from '../rpc/upstream';
import type { Begun, Upstreams } from '../rpc/upstreams';
import { type PlacedLog, parseLogs } from '../rpc/wire';
import type { Verified } from '../store/blockRange';
import { firstOutsideBloom } from './bloom';
import { type LogsToProve, logsOfReceipts, logsToProve } from './receiptLogs';
import type { SealedHeader } from './sealedHeader';
import type { Warnings } from './warnings';

export interface ProvenLogs {
  logs: PlacedLog[];
  verified: Verified;
}

/** Blocks whose receipts are asked for in one batch: an answer of some megabytes where they are full. */
const BLOCKS_AT_ONCE = 10;
/** Where a node has receipts one by one alone. */
const RECEIPTS_AT_ONCE = 500;

/** The logs of whole blocks, proven as far as the endpoints allow. */
export class LogProver {
  /** Endpoints without eth_getBlockReceipts. */
  private readonly lacking = new Set<Upstream>();
  private foreseen: (Begun & { hash: string }) | undefined;

  constructor(
    private readonly upstreams: Upstreams,
    private readonly warnings: Warnings,
  ) {}

  /**
   * All logs of these addresses in each of the blocks: by the block's receipts, whose root its header seals. From a node
   * that has no receipts, or where a receipt is of a type that we don't know: those that eth_getLogs says, which must be
   * in the bloom; a log that it leaves out is not found then. Blocks are named by hash, so no other fork's logs can come.
   * @throws AppError RETRY when no endpoint has what fits the headers
   */
  async logsOf(headers: readonly SealedHeader[], addresses: readonly string[]): Promise<ProvenLogs[]> {
    this.noteUnverifiable(headers);
    const found: ProvenLogs[] = [];
    for (let i = 0; i < headers.length; i += BLOCKS_AT_ONCE) {
      const some = headers.slice(i, i + BLOCKS_AT_ONCE);
      const read = (receipts: unknown, header: SealedHeader) => this.read(header, receipts, addresses);
      const unable = new Set(this.lacking);
      const byReceipts =
        (await this.byReceipts(some, unable, read)) ?? (await this.byTransactions(some, addresses, unable));
      const rest = some.filter((_, n) => !byReceipts[n]);
      const byLogs = rest.length > 0 ? await this.byLogs(rest, addresses) : [];
      found.push(
        ...some.map((header, n): ProvenLogs => {
          const logs = byReceipts[n];
          if (!logs) return { logs: byLogs[rest.indexOf(header)] as PlacedLog[], verified: levelOf(header, 'bloom') };
          return { logs, verified: levelOf(header, 'receipts') };
        }),
      );
    }
    return found;
  }

  /**
   * The same of one block by its receipts, with the proof still to be done. Undefined where that can't prove them, or no
   * endpoint has them: then `logsOf` tells what can be had.
   */
  async logsToProve(header: SealedHeader, addresses: readonly string[]): Promise<LogsToProve | undefined> {
    if (header.standing !== 'proven') return undefined;
    const found = await this.byReceipts([header], new Set(this.lacking), (receipts) =>
      logsToProve(header, receipts, addresses),
    );
    return found?.[0];
  }

  /** Asks for the receipts of a block that will be wanted. What is wrong with them shows when they are. */
  foresee(hash: string, upstream: Upstream): void {
    if (this.lacking.has(upstream) || this.foreseen?.hash === hash) return;
    const calls = receiptCalls([hash]);
    const answers = upstream
      .send(calls)
      // It announced the block before it had them.
      .then((first) => (first.some((answer) => resultOf(answer) === null) ? upstream.send(calls) : first));
    answers.catch(() => undefined);
    this.foreseen = { hash, upstream, answers };
  }

  /**
   * Undefined where no endpoint has receipts of whole blocks.
   * @param unable those that can't say it, and no liars for that (a limit); they may say the logs
   */
  private async byReceipts<T>(
    headers: readonly SealedHeader[],
    unable: Set<Upstream>,
    read: (receipts: unknown, header: SealedHeader) => T,
  ): Promise<T[] | undefined> {
    if (unable.size === this.upstreams.count) return undefined;
    const hashes = headers.map(({ hash }) => hash);
    try {
      return await this.upstreams.ask(
        receiptCalls(hashes),
        async (answers, upstream) => {
          const found: T[] = [];
          for (const [i, answer] of answers.entries()) {
            if ('error' in answer) {
              unable.add(upstream);
              if (isUnknownMethod(answer.error)) this.noteLack(upstream);
              throw new AppError('RETRY', `${upstream.label} refuses the receipts: ${answer.error.message}`);
            }
            // A full block's take milliseconds, and others wait: a commit that is being written, for one.
            if (i > 0) await turn();
            found.push(read(answer.result, headers[i] as SealedHeader));
          }
          return found;
        },
        undefined,
        this.takeForeseen(hashes),
      );
    } catch (error) {
      if (unable.size === 0) throw error;
      return undefined;
    }
  }

  /** Once: an answer that doesn't fit must not come again. */
  private takeForeseen(hashes: readonly string[]): Begun | undefined {
    const { foreseen } = this;
    if (hashes.length !== 1 || foreseen?.hash !== hashes[0]) return undefined;
    this.foreseen = undefined;
    return foreseen;
  }

  private async byTransactions(
    headers: readonly SealedHeader[],
    addresses: readonly string[],
    unable: ReadonlySet<Upstream>,
  ): Promise<(PlacedLog[] | undefined)[]> {
    const found: (PlacedLog[] | undefined)[] = [];
    for (const header of headers) {
      const receipts: unknown[] = [];
      const hashes = header.transactions ?? [];
      let isWhole = header.transactions !== undefined;
      for (let i = 0; i < hashes.length && isWhole; i += RECEIPTS_AT_ONCE) {
        const some = hashes.slice(i, i + RECEIPTS_AT_ONCE);
        const calls = some.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] }));
        const answers = await this.upstreams.ask(calls, (all, upstream) => {
          // One that has the receipts of whole blocks was asked for them, and they didn't fit.
          if (!unable.has(upstream)) throw new AppError('RETRY', `${upstream.label} has no receipts that fit`);
          return all;
        });
        isWhole = answers.every((answer) => 'result' in answer);
        receipts.push(...answers.map(resultOf));
      }
      found.push(isWhole ? this.read(header, receipts, addresses) : undefined);
    }
    return found;
  }

  private read(header: SealedHeader, receipts: unknown, addresses: readonly string[]): PlacedLog[] | undefined {
    const logs = logsOfReceipts(header, receipts, addresses);
    if (!logs) {
      this.warnings.add(
        'receipts',
        `The receipts of block ${header.number} can't be checked (a type of transaction that is not known, or a header ` +
          'in another form): such blocks are not proven. A newer version may know them.',
      );
    }
    return logs;
  }

  private byLogs(headers: readonly SealedHeader[], addresses: readonly string[]): Promise<PlacedLog[][]> {
    const calls = headers.map(({ hash }) => ({
      method: 'eth_getLogs',
      params: [{ blockHash: hash, address: addresses }],
    }));
    return this.upstreams.ask(calls, (answers, { label }) =>
      answers.map((answer, i) => {
        const header = headers[i] as SealedHeader;
        const at = `block ${header.number} ${header.hash}`;
        if ('error' in answer) {
          throw new AppError('RETRY', `${label} says neither receipts nor logs of ${at}: ${answer.error.message}`);
        }
        const logs = parseLogs(answer.result, addresses);
        const foreign = logs.find(
          ({ blockHash, blockNumber }) => blockHash !== header.hash || blockNumber !== header.number,
        );
        if (foreign) throw new AppError('RETRY', `${label} sent a log of block ${foreign.blockHash} for ${at}`);
        const outside =
          isEmpty(header.logsBloom) && header.standing !== 'proven'
            ? undefined
            : firstOutsideBloom(header.logsBloom, logs);
        if (outside)
          throw new AppError('RETRY', `${label} sent log ${outside.logIndex}, which the bloom of ${at} rules out`);
        return logs;
      }),
    );
  }

  private noteUnverifiable(headers: readonly SealedHeader[]): void {
    const unverifiable = headers.find(({ standing }) => standing === 'unverifiable');
    if (!unverifiable) return;
    this.warnings.add(
      'headers',
      `The hash of block ${unverifiable.number} can't be made from the fields that are known: such blocks are taken at the ` +
        'word of the endpoint, and verifiedTo stays below them. A newer version may know the fields.',
    );
  }

  private noteLack(upstream: Upstream): void {
    this.lacking.add(upstream);
    this.warnings.add(
      `receipts of ${upstream.label}`,
      `${upstream.label} has no eth_getBlockReceipts: receipts are asked for one by one, or where that fails too, logs ` +
        'are only checked against the bloom, which finds made-up logs but not every one that is left out.',
    );
  }
}

function receiptCalls(hashes: readonly string[]): RpcCall[] {
  return hashes.map((hash) => ({ method: 'eth_getBlockReceipts', params: [hash] }));
}

function levelOf({ standing }: SealedHeader, level: Verified): Verified {
  return standing === 'proven' ? level : 'none';
}

function isEmpty(bloom: string): boolean {
  return /^0x0*$/.test(bloom);
}

function isUnknownMethod({ code, message }: { code: number; message: string }): boolean {
  return code === -32601 || /method.*(not|n't|un)|(un|not ).*method/i.test(message);
}

function resultOf(answer: RpcAnswer): unknown {
  return 'result' in answer ? answer.result : undefined;
}
