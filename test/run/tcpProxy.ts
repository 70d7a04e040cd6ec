import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A network in front of a server: it can be cut, and at the very moment that something is said. */
export interface TcpProxy {
  /** The server's URL with our host and port. */
  url: string;
  /** The server behind; a restarted one may listen elsewhere. */
  target: { host: string; port: number };
  /** New connections are refused, open ones are cut. */
  down: boolean;
  /**
   * Cuts the connection on which a client next says this: before it reaches the server, or when it has, so that only the
   * answer is lost.
   */
  cutAt(said: string, when: 'before' | 'after'): void;
  /** How many connections cutAt has cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

export async function startTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const behind = new URL(serverUrl);
  const open = new Set<Socket>();
  let armed: { said: string; when: 'before' | 'after' } | undefined;
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
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        open.delete(socket);
        end();
      });
    }
    client.on('data', (chunk) => {
      const cut = armed && chunk.includes(armed.said) ? armed : undefined;
      if (!cut) return void upstream.write(chunk);
      armed = undefined;
      cuts++;
      if (cut.when === 'before') return end();
      // The server does it and answers; nobody hears.
      deaf = true;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => (deaf ? end() : client.write(chunk)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${port}`;
  const proxy: TcpProxy = {
    url: url.href,
    target: { host: behind.hostname, port: Number(behind.port) },
    get down() {
      return isDown;
    },
    set down(value) {
      isDown = value;
      if (value) for (const socket of open) socket.destroy();
    },
    cutAt(said, when) {
      armed = { said, when };
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
