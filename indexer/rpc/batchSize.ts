/** Batches of the size that was borne, until larger ones are tried again. */
const MORE_AFTER = 20;

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

  answered(calls: number): void {
    if (calls < this.bearable || ++this.answeredInARow < MORE_AFTER) return;
    this.bearable *= 2;
    this.answeredInARow = 0;
  }

  refused(calls: number): void {
    this.limit = Math.min(this.limit, Math.ceil(calls / 2));
  }

  unfinished(calls: number): void {
    this.bearable = Math.min(this.bearable, Math.ceil(calls / 2));
    this.answeredInARow = 0;
  }
}
