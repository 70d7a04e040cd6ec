// A process of its own: asks a server over keep-alive connections, each its next request when it has its answer, and
// tells its parent how long each took. Environment: LOAD, a path of a Load as JSON.
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

/** What is to be asked. */
export interface Load {
  port: number;
  path: string;
  /** Of GraphQL requests, asked in turn. */
  bodies: readonly string[];
  connections: number;
  /** Before anything is counted. */
  warmUpMs: number;
  ms: number;
}

/** How it went. */
export interface Loaded {
  /** Of those asked after the warm-up, in the order of coming, in ms. */
  latencies: number[];
  seconds: number;
  /** All that were asked, those of the warm-up too. */
  asked: number;
}

const LINE = '\r\n';

function run({ port, path, bodies, connections, warmUpMs, ms }: Load): Promise<Loaded> {
  const requests = bodies.map((body) => {
    const headers = [
      `POST ${path} HTTP/1.1`,
      `host: 127.0.0.1:${port}`,
      'accept: application/json',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
    ];
    return Buffer.from(`${headers.join(LINE)}${LINE}${LINE}${body}`);
  });
  const latencies: number[] = [];
  const started = performance.now();
  const [from, to] = [started + warmUpMs, started + warmUpMs + ms];
  let next = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.setNoDelay(true);
      socket.on('error', reject);
      socket.on('close', () => resolve());
      let askedAt = 0;
      const ask = () => {
        askedAt = performance.now();
        if (askedAt >= to) socket.end();
        else socket.write(requests[next++ % requests.length] as Buffer);
      };
      socket.on('connect', ask);
      onAnswers(socket, (status, body) => {
        const now = performance.now();
        if (status !== 200 || body.includes('"errors"')) {
          reject(new Error(`${status}: ${body.toString().slice(0, 500)}`));
          socket.destroy();
          return;
        }
        if (askedAt >= from) latencies.push(now - askedAt);
        ask();
      });
    });
  return Promise.all(Array.from({ length: connections }, one)).then(() => ({
    latencies,
    seconds: ms / 1_000,
    asked: next,
  }));
}

const END_OF_HEAD = Buffer.from(`${LINE}${LINE}`);
const END_OF_CHUNKS = Buffer.from(`0${LINE}${LINE}`);

/** Answers with a length or in chunks, one after the other. */
function onAnswers(socket: Socket, hear: (status: number, body: Buffer) => void): void {
  let waiting = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    const headEnd = waiting.indexOf(END_OF_HEAD);
    if (headEnd < 0) return;
    const head = waiting.toString('latin1', 0, headEnd).toLowerCase();
    const bodyAt = headEnd + END_OF_HEAD.length;
    const length = /content-length: (\d+)/.exec(head)?.[1];
    const whole = length
      ? waiting.length >= bodyAt + Number(length)
      : waiting.subarray(-END_OF_CHUNKS.length).equals(END_OF_CHUNKS);
    if (!whole) return;
    const body = waiting.subarray(bodyAt);
    waiting = Buffer.alloc(0);
    hear(Number(head.slice(9, 12)), body);
  });
}

if (process.env.LOAD) {
  run(JSON.parse(readFileSync(process.env.LOAD, 'utf8')) as Load).then(
    (loaded) => process.send?.(loaded, () => process.exit(0)),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}
