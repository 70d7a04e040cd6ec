/** Asks a query over HTTP. Throws what the API says is wrong. */
export async function ask(query, variables = {}) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors?.length) throw new Error(errors.map(({ message }) => message).join(' '));
  return data;
}

const RETRY_MS = 1000;
const RETRY_MAX_MS = 15_000;

/**
 * A subscription over graphql-transport-ws that outlives its socket. `variables` is asked again at each connection, so
 * that a stream goes on from the last cursor; `next` gets the data; `state` hears 'live' and 'waiting'; `failed` decides
 * about an operation that the API ended: it is begun again after what it returns.
 */
export function subscribe(query, { variables = () => ({}), next, state = () => {}, failed = async () => {} }) {
  let tries = 0;
  const connect = () => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
    const send = (message) => socket.send(JSON.stringify(message));
    socket.onopen = () => send({ type: 'connection_init' });
    socket.onmessage = async ({ data }) => {
      const { type, payload } = JSON.parse(data);
      if (type === 'connection_ack') {
        tries = 0;
        state('live');
        send({ id: '1', type: 'subscribe', payload: { query, variables: variables() } });
      } else if (type === 'ping') send({ type: 'pong' });
      else if (type === 'next' && payload.data) next(payload.data);
      else if (type === 'error') {
        await failed(payload).catch(() => {});
        socket.close();
      } else if (type === 'complete') socket.close();
    };
    socket.onclose = () => {
      state('waiting');
      setTimeout(connect, Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** tries++) * (0.5 + Math.random()));
    };
  };
  connect();
}
