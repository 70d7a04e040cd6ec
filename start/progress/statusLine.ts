/** The last line of a terminal, rewritten in place; whatever else is printed goes above it. */
export class StatusLine {
  private shown = '';

  constructor(private readonly out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>) {}

  /** Whether there is a terminal to rewrite a line on. */
  get isThere(): boolean {
    return this.out.isTTY === true;
  }

  /** One less than there are: a line that fills the last column wraps on some terminals. */
  get columns(): number {
    return Math.max(1, (this.out.columns || 80) - 1);
  }

  show(line: string): void {
    if (!this.isThere || line === this.shown) return;
    this.out.write(`\r\x1b[2K${line}`);
    this.shown = line;
  }

  /** Text that ends with a newline, above the line. */
  print(text: string): void {
    this.out.write(this.shown ? `\r\x1b[2K${text}${this.shown}` : text);
  }

  end(): void {
    if (this.shown) this.out.write('\r\x1b[2K');
    this.shown = '';
  }
}
