import { AppError } from '../../schema/appError';

/** @throws AppError CONFIG for a value of IPFS_GATEWAY that is not an http(s) URL. */
export function parseGateway(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new AppError(
      'CONFIG',
      'IPFS_GATEWAY: expected the URL of a gateway, like https://ipfs.example or http://127.0.0.1:8080',
    );
  }
  return url;
}

/**
 * Where the gateway serves an ipfs:// URI: `<gateway>/ipfs/<cid>/<path>`. The path can't leave the content: the gateway
 * may be a private machine with other services beside /ipfs/.
 * @throws AppError STOP for a URI without a content id or with dot segments.
 */
export function gatewayUrl(gateway: URL, uri: string): URL {
  const match = /^ipfs:\/\/(?:ipfs\/)?([a-z0-9]{32,128})(?:\/([^?#]*))?(?:[?#].*)?$/is.exec(uri);
  if (!match) throw new AppError('STOP', 'expected ipfs://<content id>/<path>');
  const segments = (match[2] ?? '')
    .split('/')
    .filter((segment) => segment !== '')
    .map(plainSegment);
  const base = gateway.pathname.replace(/\/+$/, '').replace(/\/ipfs$/, '');
  const url = new URL(gateway);
  url.pathname = [base, 'ipfs', match[1], ...segments].join('/');
  return url;
}

function plainSegment(segment: string): string {
  const plain = percentDecoded(segment);
  if (plain === '.' || plain === '..' || /[/\\\0]/.test(plain)) {
    throw new AppError('STOP', 'the path of the ipfs:// URI does not stay inside its content');
  }
  return encodeURIComponent(plain.replace(/\p{Cs}/gu, '\ufffd'));
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
