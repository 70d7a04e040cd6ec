import { AppError } from '../../schema/appError';

export interface DataUri {
  /** What the URI may stand for, the likeliest first: the document's hash says which. */
  bodies: Buffer[];
  /** As given, utf-8 if not. */
  charset: string;
}

/**
 * RFC 2397. A `#` ends the data by the rules of URLs, but JSON that was written on chain unescaped may hold one: then
 * the whole is a second candidate.
 * @throws AppError STOP for what is not a data: URI.
 */
export function readDataUri(uri: string): DataUri {
  const match = /^data:([^,]*),(.*)$/is.exec(uri);
  if (!match) throw new AppError('STOP', 'a data: URI without a comma');
  const [, header = '', data = ''] = match;
  const charset = /;\s*charset\s*=\s*"?([^;"\s]+)/i.exec(header)?.[1] ?? 'utf-8';
  const hash = data.indexOf('#');
  const candidates = hash < 0 ? [data] : [data.slice(0, hash), data];
  if (!/;\s*base64\s*$/i.test(header)) return { bodies: candidates.map(percentDecode), charset };
  const bodies = candidates.map(percentDecode).map(base64Decode);
  const [first] = bodies;
  if (!first) throw new AppError('STOP', 'a data: URI whose base64 is not valid');
  return { bodies: [first], charset };
}

/** Bytes, because what is escaped need not be UTF-8. A % that begins no escape stands for itself. */
function percentDecode(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  let length = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const digits = bytes[i] === 0x25 ? bytes.toString('latin1', i + 1, i + 3) : '';
    if (/^[0-9a-f]{2}$/i.test(digits)) {
      bytes[length++] = Number.parseInt(digits, 16);
      i += 2;
    } else {
      bytes[length++] = bytes[i]!;
    }
  }
  return bytes.subarray(0, length);
}

/** Either alphabet, white space and padding as they come; undefined for anything else. */
function base64Decode(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1').replace(/[\t\n\f\r ]/g, '');
  const digits = text.replace(/={1,2}$/, '');
  if (!/^[a-z0-9+/_-]*$/i.test(digits) || digits.length % 4 === 1) return undefined;
  return Buffer.from(digits, 'base64');
}
