/**
 * Results of one subscription that follow each other, made once for all who get them. A client that named its operation
 * gets the same bytes as the others, but for the id: WebSocket frames are laid out once per length of an id, and copied.
 */
export class Messages {
  private layout: Layout | undefined;
  /** Of the last id: where many clients count theirs from one, they share it whole. */
  private framed: { id: string; bytes: Buffer } | undefined;
  private events: string | undefined;

  /** @param results as JSON, in order */
  constructor(readonly results: readonly string[]) {}

  /**
   * As frames of graphql-transport-ws, unmasked and not compressed, which is what `ws` sends.
   * @param id of the operation, as JSON
   */
  frames(id: string): Buffer {
    if (this.framed?.id === id) return this.framed.bytes;
    const idBytes = Buffer.byteLength(id);
    if (this.layout?.idBytes !== idBytes) this.layout = layOut(this.results, idBytes);
    const { bytes: template, idsAt } = this.layout;
    const bytes = Buffer.allocUnsafe(template.length);
    template.copy(bytes);
    // An id in ASCII is written in a third of the time.
    const encoding = idBytes === id.length ? 'latin1' : 'utf8';
    for (const at of idsAt) bytes.write(id, at, encoding);
    this.framed = { id, bytes };
    return bytes;
  }

  /** As Server-Sent Events. */
  asEvents(): string {
    this.events ??= this.results.map((json) => `event: next\ndata: ${json}\n\n`).join('');
    return this.events;
  }
}

interface Layout {
  idBytes: number;
  bytes: Buffer;
  idsAt: number[];
}

const BEFORE = '{"id":';
const BETWEEN = ',"type":"next","payload":';
const AFTER = '}';
/** The whole of a text message. */
const TEXT = 0x81;

function layOut(results: readonly string[], idBytes: number): Layout {
  const around = BEFORE.length + idBytes + BETWEEN.length + AFTER.length;
  const lengths = results.map((json) => Buffer.byteLength(json) + around);
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + headOf(length) + length, 0));
  const idsAt: number[] = [];
  let at = 0;
  for (const [n, json] of results.entries()) {
    at = writeHead(bytes, at, lengths[n] as number);
    at += bytes.write(BEFORE, at, 'latin1');
    idsAt.push(at);
    at += idBytes;
    at += bytes.write(BETWEEN, at, 'latin1');
    at += bytes.write(json, at);
    at += bytes.write(AFTER, at, 'latin1');
  }
  return { idBytes, bytes, idsAt };
}

/** RFC 6455, 5.2: the length is in the second byte, or in two or eight that follow it. */
function headOf(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

function writeHead(bytes: Buffer, at: number, length: number): number {
  bytes[at] = TEXT;
  const head = headOf(length);
  bytes[at + 1] = head === 2 ? length : head === 4 ? 126 : 127;
  if (head === 4) bytes.writeUInt16BE(length, at + 2);
  if (head === 10) bytes.writeBigUInt64BE(BigInt(length), at + 2);
  return at + head;
}

/** Of so many bytes or so at a time a client is asked whether it takes them. */
const PART_CHARS = 32_768;

/** In order, together no longer than what is sent at a time. */
export function inParts(results: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const json of results) {
    if (chars + json.length > PART_CHARS) {
      parts.push([]);
      chars = 0;
    }
    parts.at(-1)?.push(json);
    chars += json.length;
  }
  return parts;
}
