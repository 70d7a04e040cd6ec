/** An SSE response as a client reads it: its events so far. */
export interface EventStream {
  status: number;
  headers: Headers;
  events: { event: string; data: string }[];
  /** The server has ended it, or it broke. */
  ended: boolean;
  stop(): void;
}

export async function openEventStream(url: string, init: RequestInit = {}): Promise<EventStream> {
  const abort = new AbortController();
  const headers = { accept: 'text/event-stream', ...init.headers };
  const response = await fetch(url, { ...init, headers, signal: abort.signal });
  const stream: EventStream = {
    status: response.status,
    headers: response.headers,
    events: [],
    ended: false,
    stop: () => abort.abort(),
  };
  void (async () => {
    let text = '';
    try {
      for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const blocks = (text + part).split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const lines = block.split('\n').filter((line) => !line.startsWith(':'));
          if (lines.length === 0) continue;
          const field = (name: string) =>
            lines
              .flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : []))
              .join('\n');
          stream.events.push({ event: field('event'), data: field('data') });
        }
      }
    } catch {
      // Cut off: what came is what counts.
    }
    stream.ended = true;
  })();
  return stream;
}

export const post = (query: string, variables: object = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query, variables }),
});
