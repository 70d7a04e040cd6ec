import { keccak256 } from 'ethers';
import { storedText } from './fact';

const SIZE_LIMIT = 256 * 1024;
/** Bytes of an https: or ipfs: document, or null where it can't be had. */
export type Fetch = (uri: string) => Uint8Array | null;

/** name and description of a metadata document: it counts only if its bytes have the hash that the chain holds. */
export function documentOf(
  uri: string,
  hash: string,
  fetch: Fetch,
): { name: string | null; description: string | null } {
  const none = { name: null, description: null };
  const bytes = uri.startsWith('data:') ? dataBytes(uri) : /^(https|ipfs):/.test(uri) ? fetch(uri) : null;
  if (!bytes || bytes.length > SIZE_LIMIT || keccak256(bytes) !== hash) return none;
  try {
    const document: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof document !== 'object' || document === null || Array.isArray(document)) return none;
    const { name, description } = document as { name?: unknown; description?: unknown };
    return { name: textOrNull(name), description: textOrNull(description) };
  } catch {
    return none;
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? storedText(Buffer.from(value).toString()) : null;
}

/** data:[<media type>][;base64],<data> */
function dataBytes(uri: string): Uint8Array | null {
  const comma = uri.indexOf(',');
  if (comma < 0) return null;
  const body = uri.slice(comma + 1);
  if (/;\s*base64\s*$/i.test(uri.slice(0, comma))) return Buffer.from(body, 'base64');
  const parts = body.split(/(%[0-9a-f]{2})/i);
  return Buffer.concat(
    parts.map((part, i) => (i % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'utf8'))),
  );
}
