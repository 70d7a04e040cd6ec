const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const SHORT = 24;

/** What is not as this reader knows it: JSON.parse tells what it is. */
export class UnknownShape extends Error {}

/**
 * Reads JSON where it stands, in bytes, without making values of what is only looked at or passed over. It knows less
 * than JSON allows: where anything is unusual, it throws UnknownShape.
 */
export class JsonBytes {
  /** The same bytes, several at a time. */
  readonly view: DataView;

  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The next character that is no space, which stays. */
  peek(): number {
    let code = this.bytes[this.at];
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = this.bytes[++this.at];
    if (code === undefined) throw new UnknownShape('it ends too early');
    return code;
  }

  take(character: string): void {
    if (this.peek() !== character.charCodeAt(0)) throw new UnknownShape(`no ${character} at ${this.at}`);
    this.at++;
  }

  /** After an item of a list or an object: whether another one follows, or `close` does, which is taken. */
  another(close: string): boolean {
    if (this.peek() === COMMA) {
      this.at++;
      return true;
    }
    this.take(close);
    return false;
  }

  /** Whether a list or object whose opening was just taken is empty; then its end is taken, too. */
  isEmpty(close: string): boolean {
    if (this.peek() !== close.charCodeAt(0)) return false;
    this.at++;
    return true;
  }

  /** A key, and the colon after it: where the key begins; it is `keyEnd - start` long. */
  key(): number {
    this.take('"');
    const start = this.at;
    let at = start;
    for (let code = this.bytes[at]; code !== QUOTE; code = this.bytes[++at]) {
      if (code === undefined || code === BACKSLASH) throw new UnknownShape('a key of another kind');
    }
    this.keyEnd = at;
    this.at = at + 1;
    if (this.peek() !== COLON) throw new UnknownShape('a key without a colon');
    this.at++;
    return start;
  }
  keyEnd = 0;

  /** Whether the last key, which begins at `start`, is this one. */
  isKey(start: number, key: Buffer): boolean {
    const { bytes } = this;
    if (this.keyEnd - start !== key.length) return false;
    for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return false;
    return true;
  }

  /** Whether exactly these bytes come next; then they are taken. */
  isNext(expected: Buffer): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
    this.at = at + expected.length;
    return true;
  }

  /** Any value. */
  skip(): void {
    const { bytes } = this;
    let depth = 0;
    this.peek();
    for (;;) {
      const code = bytes[this.at];
      if (code === undefined) throw new UnknownShape('it ends too early');
      if (code === QUOTE) this.skipString();
      else if (code === 0x7b || code === 0x5b) {
        depth++;
        this.at++;
      } else if (code === 0x7d || code === 0x5d) {
        // The end of what holds a number, true, false or null.
        if (depth === 0) return;
        depth--;
        this.at++;
      } else if (code === COMMA && depth === 0) return;
      else {
        this.at++;
        continue;
      }
      if (depth === 0) return;
    }
  }

  private skipString(): void {
    const { bytes } = this;
    let end = this.at;
    // Most are short: they end before native code would have begun.
    for (let at = end + 1; at <= end + SHORT; at++) {
      const code = bytes[at];
      if (code === BACKSLASH) break;
      if (code !== QUOTE) continue;
      this.at = at + 1;
      return;
    }
    do {
      end = bytes.indexOf(QUOTE, end + 1);
      if (end < 0) throw new UnknownShape('a string without an end');
    } while (isEscaped(bytes, end));
    this.at = end + 1;
  }
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let before = at;
  while (bytes[before - 1] === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}
