import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { id, keccak256 } from 'ethers';
import { download } from '../../indexer/documents/download';
import { fetchDocument } from '../../indexer/documents/fetchDocument';
import { publicWeb, type Reach } from '../../indexer/documents/reach';
import { cert, key } from './certificate';
import { localReach } from './localReach';
import { type LocalServer, startLocalServer } from './localServer';

const limitBytes = 256 * 1024;
const signal = new AbortController().signal;
let server: LocalServer;
let answer: RequestListener;
const asked: string[] = [];

beforeAll(async () => {
  server = await startLocalServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    answer(request, response);
  });
});
afterAll(() => server.close());
beforeEach(() => {
  asked.length = 0;
});

const get = (path = '/', reach: Reach = localReach) =>
  download(new URL(path, server.url), { reach, limitBytes, signal }).then((body) => body.toString());
const refused = (message: string | RegExp) => ({ code: 'STOP', message: expect.stringMatching(message) });

describe('the size', () => {
  it('may be 256 KiB, and not a byte more', async () => {
    answer = (request, response) => response.end(Buffer.alloc(limitBytes + (request.url === '/more' ? 1 : 0), 'x'));
    expect(await get()).toHaveLength(limitBytes);
    await expect(get('/more')).rejects.toMatchObject(refused('larger than 256 KiB'));
  });

  it('is judged while reading: an endless answer is left after the limit', async () => {
    let sent = 0;
    let left: Promise<unknown> | undefined;
    answer = (_request, response) => {
      left = once(response, 'close');
      const more = (): void => {
        if (response.destroyed) return;
        sent += 16_384;
        response.write(Buffer.alloc(16_384), () => setImmediate(more));
      };
      more();
    };
    await expect(get()).rejects.toMatchObject(refused('larger'));
    await left;
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('counts what %s decodes to', async (encoding, compress) => {
    answer = (request, response) => {
      response.setHeader('content-encoding', encoding);
      response.end(compress(Buffer.alloc(request.url === '/bomb' ? 50_000_000 : 100, 'x')));
    };
    expect(await get()).toBe('x'.repeat(100));
    await expect(get('/bomb')).rejects.toMatchObject(refused('larger'));
  });

  it('counts what came, too: an encoding may take much and give little', async () => {
    // Empty stored blocks: a deflate stream without end that decodes to nothing.
    answer = (_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.write(gzipSync('').subarray(0, 10));
      response.end(Buffer.concat(Array.from({ length: 100_000 }, () => Buffer.from([0, 0, 0, 0xff, 0xff]))));
    };
    await expect(get()).rejects.toMatchObject(refused('larger'));
  });

  it.each(['zstd', 'gzip, gzip', 'constructor'])('does not take content-encoding %s', async (encoding) => {
    answer = (_request, response) => response.setHeader('content-encoding', encoding).end('x');
    await expect(get()).rejects.toMatchObject({ code: 'RETRY' });
  });

  it('an answer that breaks off is no answer', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    };
    await expect(get()).rejects.toThrow(/aborted|socket/);
    answer = (_request, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(99)).subarray(0, 15));
    await expect(get()).rejects.toThrow(/unexpected end/);
  });
});

describe('redirects', () => {
  const to =
    (location: string, status = 302): RequestListener =>
    (request, response) => {
      if (request.url === '/end') response.end('here');
      else response.writeHead(status, { location }).end();
    };

  it.each([301, 302, 303, 307, 308])('follows a %p', async (status) => {
    answer = to('/end', status);
    expect(await get()).toBe('here');
  });

  it('follows three and no more', async () => {
    answer = (request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('here');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    };
    expect(await get('/3')).toBe('here');
    await expect(get('/4')).rejects.toMatchObject(refused('more than 3 redirects'));
  });

  it.each([
    'http://example.com/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'https://example.com:8443/',
    'https://user:secret@example.com/',
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://0x7f.1.1.1/',
    'https://2852039166/latest/meta-data/',
  ])('to %s are refused', async (location) => {
    answer = to(location);
    await expect(get()).rejects.toMatchObject({ code: 'STOP' });
    expect(asked).toHaveLength(1);
  });

  it.each([404, 500, 204, 304])('an answer of %p may be better next time', async (status) => {
    answer = (_request, response) => response.writeHead(status).end();
    await expect(get()).rejects.toMatchObject({ code: 'RETRY', message: `the server answered ${status}` });
  });

  it('a redirect to nowhere may be better next time', async () => {
    answer = (_request, response) => response.writeHead(302).end();
    await expect(get()).rejects.toMatchObject({ code: 'RETRY' });
    answer = to('http://[');
    await expect(get()).rejects.toMatchObject({ code: 'RETRY' });
  });
});

describe('what is public', () => {
  const resolving = (...addresses: string[]): Reach => ({ ...publicWeb, resolve: async () => addresses });

  it.each([
    'http://example.com/',
    'https://example.com:444/',
    'https://u:p@example.com/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0177.0.0.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://１２７.0.0.1/',
  ])('%s is refused as it stands', async (url) => {
    await expect(download(new URL(url), { reach: publicWeb, limitBytes, signal })).rejects.toMatchObject({
      code: 'STOP',
    });
  });

  it.each([[['10.0.0.1']], [['93.184.216.34', '127.0.0.1']], [['2606:4700::1111', '::ffff:127.0.0.1']], [[]]])(
    'a name at %j is refused: each address counts',
    async (addresses) => {
      const start = new URL('https://name.example/');
      await expect(download(start, { reach: resolving(...addresses), limitBytes, signal })).rejects.toMatchObject(
        refused('not at a public address'),
      );
    },
  );

  it('a gateway of the operator is trusted, and only that origin', async () => {
    answer = (request, response) => {
      if (request.url === '/away')
        response.writeHead(302, { location: server.url.replace('127.0.0.1', 'localhost') }).end();
      else response.end('trusted');
    };
    const options = { reach: publicWeb, trustedOrigin: server.url, limitBytes, signal };
    expect(String(await download(new URL(`${server.url}/x`), options))).toBe('trusted');
    await expect(download(new URL(`${server.url}/away`), options)).rejects.toMatchObject({ code: 'STOP' });
    await expect(download(new URL(server.url), { reach: publicWeb, limitBytes, signal })).rejects.toMatchObject({
      code: 'STOP',
    });
  });
});

describe('over https', () => {
  let secure: LocalServer;
  let lookups = 0;
  const names: (string | undefined)[] = [];
  /** The name server's second answer is another one: rebinding. */
  const rebinding: Reach = {
    refusal: () => undefined,
    resolve: async () => [lookups++ === 0 ? '127.0.0.1' : '127.0.0.2'],
    permits: () => true,
    ca: cert,
  };

  beforeAll(async () => {
    secure = await startLocalServer(
      (request, response) => {
        names.push(request.headers.host);
        response.end('secret');
      },
      { key, cert },
    );
  });
  afterAll(() => secure.close());
  beforeEach(() => {
    lookups = 0;
  });

  it('connects to the address that was checked, once resolved, under the name of the URL', async () => {
    const url = new URL(`https://documents.test:${secure.port}/`);
    expect(String(await download(url, { reach: rebinding, limitBytes, signal }))).toBe('secret');
    expect([lookups, names]).toEqual([1, [`documents.test:${secure.port}`]]);
  });

  it('believes no certificate of another name, nor one that nobody signed', async () => {
    const other = new URL(`https://other.test:${secure.port}/`);
    await expect(download(other, { reach: rebinding, limitBytes, signal })).rejects.toThrow(/altnames/i);
    const url = new URL(`https://documents.test:${secure.port}/`);
    lookups = 0;
    const unsigned = { ...rebinding, ca: undefined };
    await expect(download(url, { reach: unsigned, limitBytes, signal })).rejects.toThrow(/self.signed/i);
  });
});

describe('a document', () => {
  const options = { reach: localReach, timeoutMs: 10_000, signal };
  const hash = id('{"name":"A"}');

  it('is fetched when its hash is right', async () => {
    answer = (_request, response) => response.end('{"name":"A"}');
    const metadata = { name: 'A', description: null };
    expect(await fetchDocument(`${server.url}/a`, hash, options)).toEqual({ state: 'fetched', metadata });
    expect(await fetchDocument('data:,{"name":"A"}', hash, options)).toEqual({ state: 'fetched', metadata });
  });

  it('with another hash: refused for good where the URI holds it, tried again where a server says it', async () => {
    answer = (_request, response) => response.end('{"name":"B"}');
    expect(await fetchDocument(`${server.url}/a`, hash, options)).toMatchObject({ state: 'failed' });
    expect(await fetchDocument('data:,{"name":"B"}', hash, options)).toEqual({
      state: 'refused',
      reason: `keccak256 of the document is ${id('{"name":"B"}')}, not its metadataHash`,
    });
  });

  it('written unescaped into a data: URI may hold a #', async () => {
    const text = '{"name":"#1"}';
    const outcome = await fetchDocument(`data:application/json,${text}`, id(text), options);
    expect(outcome).toMatchObject({ state: 'fetched', metadata: { name: '#1' } });
  });

  it('of more than 256 KiB in a data: URI is refused', async () => {
    const body = Buffer.alloc(limitBytes + 1, ' ');
    const outcome = await fetchDocument(`data:;base64,${body.toString('base64')}`, keccak256(body), options);
    expect(outcome).toEqual({ state: 'refused', reason: 'the document is larger than 256 KiB' });
  });

  it.each([
    '',
    'x',
    'ftp://a/',
    'file:///etc/passwd',
    'javascript:1',
    'http://example.com/',
    'ipns://x',
    'ar://x',
    '//a',
    'https://',
    ' data:,{}',
  ])('at %p is refused', async (uri) => {
    expect(await fetchDocument(uri, hash, options)).toMatchObject({ state: 'refused' });
  });

  it('at an ipfs:// URI waits for a gateway', async () => {
    expect(await fetchDocument('ipfs://x', hash, options)).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('IPFS_GATEWAY'),
    });
  });

  it('that does not come within the time is given up for now, whatever the server does meanwhile', async () => {
    const brief = { ...options, timeoutMs: 300 };
    let left: Promise<void> | undefined;
    answer = () => undefined;
    expect(await fetchDocument(server.url, hash, brief)).toEqual({
      state: 'failed',
      reason: 'no whole answer within 300 ms',
    });
    answer = (_request, response) => {
      const drip = setInterval(() => response.write(' '), 20);
      left = once(response, 'close').then(() => clearInterval(drip));
    };
    expect(await fetchDocument(server.url, hash, brief)).toMatchObject({ state: 'failed' });
    await left;
    const deaf = { ...localReach, resolve: () => new Promise<never>(() => undefined) };
    expect(await fetchDocument(server.url, hash, { ...brief, reach: deaf })).toMatchObject({ state: 'failed' });
  });

  it('is left at once when the program closes', async () => {
    answer = () => undefined;
    const closing = new AbortController();
    const fetching = fetchDocument(server.url, hash, { ...options, signal: closing.signal });
    closing.abort(new Error('closing'));
    await expect(fetching).rejects.toThrow('closing');
  });
});
