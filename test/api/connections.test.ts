import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { boundConnections } from '../../api/http/boundConnections';
import { peerAddressBeside } from '../../api/limits/clientAddress';
import { openStrangers } from '../../api/limits/strangers';
import { until } from '../run/until';
import { type ApiHarness, openApi } from './harness';

/** A connection of ours, and what is said over it until it ends. */
interface Line {
  socket: Socket;
  said(): string;
  ended: Promise<string>;
}

const dial = (port: number, bytes = ''): Line => {
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  let text = '';
  socket.on('data', (data) => {
    text += String(data);
  });
  socket.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  return { socket, said: () => text, ended };
};

describe('connections of an address', () => {
  let server: Server;
  let port = 0;
  /** Where the next connections seem to come from. */
  let from = '';
  const lines: Line[] = [];
  const open = (bytes = '') => {
    const line = dial(port, bytes);
    lines.push(line);
    return line;
  };
  const ask = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';
  const isServed = async (line: Line) => {
    await until(() => line.said().includes('\r\n\r\n'));
    expect(line.said()).toMatch(/^HTTP\/1.1 200 /);
  };

  beforeAll(async () => {
    server = createServer((_, response) => response.end('served'));
    // Before the server's own listener sees it.
    server.prependListener('connection', (socket) => Object.defineProperty(socket, 'remoteAddress', { value: from }));
    boundConnections(server, openStrangers({ maxConnectionsPerAddress: 3, trustProxy: ['10.0.0.0/8'] }, 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    for (const { socket } of lines) socket.destroy();
    await Promise.all(lines.splice(0).map(({ ended }) => ended));
    await until(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count === 0))));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('beyond its share are told so, and find a place when another one ends', async () => {
    from = '203.0.113.1';
    const held = [open(ask), open(ask), open(ask)] as const;
    await Promise.all(held.map(isServed));
    const refused = await open().ended;
    expect(refused).toMatch(/^HTTP\/1.1 429 [\s\S]*retry-after: 1\r\n[\s\S]*"code":"RATE_LIMITED"/);
    from = '203.0.113.2';
    await isServed(open(ask));
    held[0].socket.destroy();
    from = '203.0.113.1';
    await until(async () => {
      const line = open(ask);
      await until(() => line.said() !== '');
      return line.said().startsWith('HTTP/1.1 200');
    });
  });

  test.each(['127.0.0.1', '::ffff:127.0.0.1', '10.1.2.3'])('of %s are not counted', async (address) => {
    from = address;
    await Promise.all(Array.from({ length: 8 }, () => isServed(open(ask))));
  });

  test('of one IPv6 network are counted together', () => {
    const peer = peerAddressBeside(['2001:db8:9::/48']);
    expect(peer({ remoteAddress: '2001:db8:1:2::a' })).toBe(peer({ remoteAddress: '2001:db8:1:2:f::b' }));
    expect(peer({ remoteAddress: '2001:db8:9:2::a' })).toBeNull();
  });
});

describe('a connection', () => {
  let harness: ApiHarness;
  let port = 0;
  beforeAll(async () => {
    harness = await openApi({ requestTimeoutMs: 400, keepAliveMs: 700, queryTimeoutMs: 100 });
    port = Number(new URL(harness.api.url).port);
  });
  afterAll(() => harness.close());

  const isServed = async () => expect((await harness.ask('{ __typename }')).status).toBe(200);

  test('that says nothing is ended', async () => {
    await dial(port).ended;
    await isServed();
  });

  test('that gives its headers or body letter by letter is ended', async () => {
    const texts = [
      'GET /health HTTP/1.1\r\nhost: a\r\nx: ',
      'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{',
    ];
    for (const text of texts) {
      const line = dial(port, text);
      const drip = setInterval(() => line.socket.write('a'), 20);
      expect(await line.ended.finally(() => clearInterval(drip))).toMatch(/^HTTP\/1.1 408 /);
    }
    await isServed();
  });

  test('that asks nothing more is ended', async () => {
    const said = await dial(port, 'GET /health HTTP/1.1\r\nhost: a\r\n\r\n').ended;
    expect(said).toMatch(/^HTTP\/1.1 200 [\s\S]*"status":"ok"/);
    await isServed();
  });

  test('that takes none of its answers is ended', async () => {
    // Far more than the sockets of both sides hold.
    const { socket, ended } = dial(port, 'GET /schema.graphql HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(300));
    socket.pause();
    // Whoever does not read hears of the end only when it writes.
    const probe = setInterval(() => socket.write(' '), 50);
    await ended.finally(() => clearInterval(probe));
    await isServed();
  });
});
