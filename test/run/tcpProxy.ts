import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A network in front of a server: it can be cut, and at the very moment that something is said. */
export interface TcpProxy {
  /** The server's URL with our host and port. */
  url: string;
  /** The server behind. */
  target: { host: string; port: number };
  /** To a restarted server, which listens elsewhere: somebody else may have its port by now. */
  lead(serverUrl: string): void;
  /** New connections are refused, open ones are cut. */
  down: boolean;
  /** From now on nothing is heard any more on the open connections, not even their end: the other host has vanished. */
  vanish(): void;
  /**
   * Cuts the connection on which a client next says this: before it reaches the server; after, so that only the answer is
   * lost; or with the answer, as a Postgres server does that shuts down in the same breath. So often.
   */
  cutAt(said: string, when: Cut['when'], times?: number): void;
  /** How many connections cutAt has cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

interface Cut {
  said: string;
  when: 'before' | 'after' | 'with';
  times: number;
}

/** A FATAL ErrorResponse (Postgres, Message Formats). */
const FIELDS = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');
const SHUT_DOWN = Buffer.concat([Buffer.from('E'), Buffer.from([0, 0, 0, FIELDS.length + 4]), FIELDS]);

export async function startTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let armed: Cut = { said: '', when: 'before', times: 0 };
  let cuts = 0;
  let isDown = false;

  const server = createServer((client) => {
    if (isDown) return void client.destroy();
    const upstream = connect(proxy.target);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    let deaf = false;
    let isLast = false;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        open.delete(socket);
        end();
      });
    }
    client.on('data', (chunk) => {
      if (armed.times === 0 || !chunk.includes(armed.said)) return void upstream.write(chunk);
      armed.times--;
      cuts++;
      if (armed.when === 'before') return end();
      // The server does it and answers; nobody hears.
      if (armed.when === 'after') deaf = true;
      else isLast = true;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (deaf) return end();
      if (!isLast) return void client.write(chunk);
      deaf = true;
      client.write(Buffer.concat([chunk, SHUT_DOWN]), end);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${port}`;
  const proxy: TcpProxy = {
    url: url.href,
    target: targetOf(serverUrl),
    lead(restartedUrl) {
      proxy.target = targetOf(restartedUrl);
    },
    get down() {
      return isDown;
    },
    set down(value) {
      isDown = value;
      if (value) for (const socket of open) socket.destroy();
    },
    vanish() {
      for (const socket of open) socket.pause();
    },
    cutAt(said, when, times = 1) {
      armed = { said, when, times };
    },
    get cuts() {
      return cuts;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  return proxy;
}

function targetOf(serverUrl: string): TcpProxy['target'] {
  const { hostname, port } = new URL(serverUrl);
  return { host: hostname, port: Number(port) };
}
