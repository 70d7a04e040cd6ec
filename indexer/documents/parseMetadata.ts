import { TextDecoder } from 'node:util';
import { AppError } from '../../schema/appError';

export interface Metadata {
  name: string | null;
  description: string | null;
}

/**
 * `name` and `description` of a document (protocol/README.md, Documents). A field that is not a string is null alone.
 * Nothing is cut.
 * @throws AppError STOP when it is not JSON or not an object.
 */
export function parseMetadata(bytes: Buffer, charset = 'utf-8'): Metadata {
  let value: unknown;
  try {
    value = JSON.parse(decoderOf(charset).decode(bytes));
  } catch (cause) {
    throw new AppError('STOP', 'the document is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('STOP', 'the document is JSON, but not an object');
  }
  const { name, description } = value as Record<string, unknown>;
  return { name: storableText(name), description: storableText(description) };
}

/** Invalid bytes read as U+FFFD, a byte order mark is no content. A charset that nobody knows is read as UTF-8. */
function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/** Postgres text holds neither NUL nor half of a surrogate pair: each is shown as U+FFFD. */
function storableText(value: unknown): string | null {
  return typeof value === 'string' ? value.replace(/\0|\p{Cs}/gu, '\ufffd') : null;
}
