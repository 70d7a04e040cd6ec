import type { RpcAnswer, RpcCall } from './transport';

/** Batches of the size that was borne, until larger ones are tried again. */
const MORE_AFTER = 20;

/**
 * Of one send whose calls were refused together, with one error for all: the calls that go out together from then on. It
 * may be the batch that is refused, or whatever comes while a gateway is without its node; the smaller ones tell.
 */
export class Refused {
  most = Number.POSITIVE_INFINITY;
  /** A call alone was refused as well. */
  private isAll = false;

  note(calls: number): void {
    this.most = Math.min(this.most, Math.ceil(calls / 2));
  }

  /** @returns whether it was the size */
  provenBy(answers: readonly RpcAnswer[]): boolean {
    const hasResult = answers.some((answer) => 'result' in answer);
    if (answers.length === 1 && !hasResult) this.isAll = true;
    return hasResult && !this.isAll && answers.length <= this.most && this.most !== Number.POSITIVE_INFINITY;
  }
}

/** How many calls go out together to one endpoint, as far as is known. */
export class BatchSize {
  private limit = Number.POSITIVE_INFINITY;
  /** The answer to a larger one came too late: that may have been chance, so more are tried again after a while. */
  private bearable = Number.POSITIVE_INFINITY;
  private answeredInARow = 0;

  /** It refused larger ones as such. */
  get allowed(): number {
    return this.limit;
  }

  get most(): number {
    return Math.min(this.limit, this.bearable);
  }

  /** Sends all calls one batch after the other; answers in the order of the calls. */
  async sendAll(
    calls: readonly RpcCall[],
    refused: Refused,
    sendBatch: (calls: readonly RpcCall[], refused: Refused) => Promise<RpcAnswer[]>,
  ): Promise<RpcAnswer[]> {
    const answers: RpcAnswer[] = [];
    while (answers.length < calls.length) {
      const most = Math.min(this.most, refused.most);
      answers.push(...(await sendBatch(calls.slice(answers.length, answers.length + most), refused)));
    }
    return answers;
  }

  /** @param refused what larger ones of the same send met */
  answered(answers: readonly RpcAnswer[], refused: Refused): void {
    if (refused.provenBy(answers)) this.limit = Math.min(this.limit, refused.most);
    if (answers.length < this.bearable || ++this.answeredInARow < MORE_AFTER) return;
    this.bearable *= 2;
    this.answeredInARow = 0;
  }

  unfinished(calls: number): void {
    this.bearable = Math.min(this.bearable, Math.ceil(calls / 2));
    this.answeredInARow = 0;
  }
}
