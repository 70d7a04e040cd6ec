import { WebSocket } from 'ws';
import { until } from '../run/until';
import { type ApiHarness, openApi } from './harness';

/** Clients that take nothing of what they ask for: what they leave untaken is the server's memory. */
let harness: ApiHarness;
beforeEach(async () => {
  harness = await openApi({ keepAliveMs: 1_000 });
});
afterEach(() => harness.close());

async function dial(): Promise<WebSocket> {
  const socket = new WebSocket(`${harness.api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await new Promise((resolve) => socket.once('message', resolve));
  socket.pause();
  return socket;
}

const sockets = async () => {
  const text = await (await fetch(`${harness.api.url}/metrics`)).text();
  return Number(/^flywheel_sockets (\d+)/m.exec(text)?.[1]);
};

/** Says it again and again until the server ends the socket; how many bytes it took of it. */
async function sayUntilEnded(socket: WebSocket, message: string): Promise<number> {
  let said = 0;
  let failed = false;
  await until(
    async () => {
      if (socket.bufferedAmount < 1_000_000) {
        for (let n = 0; n < 10; n += 1) {
          socket.send(message, (error) => {
            failed ||= Boolean(error);
          });
          said += message.length;
        }
      }
      return failed || (await sockets()) === 0;
    },
    { what: `an end, after ${message.slice(0, 20)}` },
  );
  return said;
}

test.each([
  ['pings, whose pongs are as long', JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(60_000) } })],
  [
    'operations that are refused, by long names',
    JSON.stringify({ type: 'subscribe', id: 'x'.repeat(60_000), payload: { query: '{' } }),
  ],
])('%s, are answered up to a bound', async (_, message) => {
  const socket = await dial();
  await sayUntilEnded(socket, message);
  expect(await sockets()).toBe(0);
  expect((await harness.ask('{ __typename }')).status).toBe(200);
});

test('answers that nobody takes are not kept, though somebody keeps saying that he is there', async () => {
  const socket = await dial();
  const query = `{ ${['a', 'b', 'c'].map((name) => `${name}: __schema { types { name description fields { name description args { name description } } } }`)} }`;
  // More than the sockets of both sides hold.
  for (let n = 0; n < 60; n += 1) {
    socket.send(JSON.stringify({ type: 'subscribe', id: `n${n}`, payload: { query } }));
  }
  const here = setInterval(() => socket.pong(), 100);
  await until(async () => (await sockets()) === 0, { what: 'the socket is ended' }).finally(() => clearInterval(here));
});

test('who takes what he asked for is left alone', async () => {
  const socket = await dial();
  socket.resume();
  let answers = 0;
  socket.on('message', (text) => {
    if (String(text).includes('"next"')) answers += 1;
  });
  const query = '{ __schema { types { name description fields { name description } } } }';
  for (let n = 0; n < 60; n += 1) {
    socket.send(JSON.stringify({ type: 'subscribe', id: `n${n}`, payload: { query } }));
  }
  await until(() => answers === 60);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.terminate();
});
