import { Client, type ClientConfig, type Connection } from 'pg';
import { Parser } from 'pg-protocol/dist/parser';

/** What of pg's parser and client their types don't say. */
interface InnerParser {
  handlePacket(offset: number, code: number, length: number, bytes: Buffer): object;
}
interface InnerClient {
  connection: Connection & { attachListeners(stream: NodeJS.ReadableStream): void };
}

const DATA_ROW = 'D'.charCodeAt(0);
const LENGTH_BYTES = 4;
const COUNT_BYTES = 2;

/**
 * A client that makes text of all values of a row at once: pg asks the runtime for that of each, which for a page of 50
 * rewards are 870 calls, and an eighth of what it costs a server.
 */
export class RowClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    const { connection } = this as unknown as InnerClient;
    // As pg's own, which makes its parser where nobody reaches it.
    connection.attachListeners = (stream) => {
      const parser = rowParser();
      stream.on('data', (bytes: Buffer) => {
        parser.parse(bytes, (message) => {
          connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message);
        });
      });
    };
  }
}

function rowParser(): Parser {
  const parser = new Parser();
  const inner = parser as unknown as InnerParser;
  const parseOne = inner.handlePacket.bind(parser);
  inner.handlePacket = (offset, code, length, bytes) => {
    const fields = code === DATA_ROW ? plainFields(bytes, offset, length - LENGTH_BYTES) : null;
    return fields
      ? { name: 'dataRow', length, fieldCount: fields.length, fields }
      : parseOne(offset, code, length, bytes);
  };
  return parser;
}

/** The texts of a row's values; null where a byte of them may be no ASCII, and therefore no character by itself. */
function plainFields(bytes: Buffer, offset: number, size: number): (string | null)[] | null {
  const text = bytes.toString('latin1', offset, offset + size);
  // Each of them takes two bytes in UTF-8. The length of a null is four of them, that of a long value may have some too.
  let beyondAscii = Buffer.byteLength(text) - size;
  const fields = new Array<string | null>(bytes.readInt16BE(offset));
  let at = COUNT_BYTES;
  for (let i = 0; i < fields.length; i += 1) {
    const length = bytes.readInt32BE(offset + at);
    at += LENGTH_BYTES;
    if (length < 0) {
      fields[i] = null;
      beyondAscii -= LENGTH_BYTES;
    } else {
      fields[i] = text.substring(at, at + length);
      at += length;
    }
  }
  return beyondAscii === 0 ? fields : null;
}
