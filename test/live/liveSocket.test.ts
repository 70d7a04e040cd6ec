import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { LiveSocket, PING_MS, type SocketClient, type SocketWork } from '../../api/live/liveSocket';
import { Messages } from '../../api/live/messages';
import { SocketOperation } from '../../api/live/socketOperation';

/** What a LiveSocket uses of a WebSocket; the network below it is test/live/protocol.test.ts's matter. */
class Wire extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  readonly sent: { id?: string; type: string; payload?: unknown }[] = [];
  closedWith: [code: number, reason: string][] = [];
  pings = 0;
  terminated = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(code: number, reason: string): void {
    this.closedWith.push([code, reason]);
    this.readyState = 2;
  }
  terminate(): void {
    if (this.readyState === 3) return;
    this.terminated = true;
    this.readyState = 3;
    this.emit('close');
  }
  ping(): void {
    this.pings += 1;
  }
}

/** The stream below it: how much it was given, and how much of that it holds still. */
class Below {
  bytesWritten = 0;
  writableLength = 0;
  written = '';

  write(bytes: Buffer): void {
    this.written += String(bytes);
  }
}

interface Opened {
  wire: Wire;
  below: Below;
  live: LiveSocket;
  begun: SocketOperation[];
  logged: object[];
  ended: number;
  say(message: object | string): void;
  acknowledge(): void;
}

function open(client: Partial<SocketClient> = {}, begin?: SocketWork['begin']): Opened {
  const wire = new Wire();
  const below = new Below();
  const begun: SocketOperation[] = [];
  const logged: object[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (fields: object) => void logged.push(fields) };
  const work: SocketWork = {
    log,
    begin: begin ?? (async (operation) => void begun.push(operation)),
    ended: () => {
      opened.ended += 1;
    },
  };
  const whole = { messages: null, untakenMs: 60_000, ...client };
  const live = new LiveSocket(wire as unknown as WebSocket, below as unknown as Duplex, whole, work);
  const say = (message: object | string) =>
    wire.emit('message', Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)), false);
  const acknowledge = () => say({ type: 'connection_init' });
  const opened: Opened = { wire, below, live, begun, logged, ended: 0, say, acknowledge };
  return opened;
}
const subscribe = (id: string) => ({ id, type: 'subscribe', payload: { query: '{ a }' } });
const settled = () => jest.advanceTimersByTimeAsync(0);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
});

describe('a socket', () => {
  test('has three seconds for its connection_init', () => {
    const late = open();
    const inTime = open();
    jest.advanceTimersByTime(2_999);
    inTime.acknowledge();
    expect(late.wire.closedWith).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(late.wire.closedWith).toEqual([[4408, 'Connection initialisation timeout']]);
    expect(inTime.wire.closedWith).toEqual([]);
    expect(inTime.wire.sent).toEqual([{ type: 'connection_ack' }]);
  });

  test('that does not answer a close is ended after two seconds, once', () => {
    const { live, wire } = open();
    live.close(1012, 'Service restart');
    live.close(1012, 'Service restart');
    jest.advanceTimersByTime(1_999);
    expect(wire.terminated).toBe(false);
    jest.advanceTimersByTime(1);
    expect(wire.terminated).toBe(true);
  });

  test('that is over leaves no timer, no operation and is told of once', async () => {
    const opened = open();
    opened.acknowledge();
    opened.say(subscribe('1'));
    await settled();
    const stop = jest.fn();
    opened.begun[0]!.runs = { stop };
    opened.live.close(1000, 'Bye');
    opened.wire.emit('close');
    expect(stop).toHaveBeenCalledTimes(1);
    expect([opened.ended, opened.live.operations.size, jest.getTimerCount()]).toEqual([1, 0, 0]);
    expect(opened.live.isOpen).toBe(false);
  });

  test('hears nothing more once it is closing', async () => {
    const opened = open();
    opened.acknowledge();
    opened.live.close(1012, 'Service restart');
    opened.say(subscribe('1'));
    opened.say('{');
    await settled();
    expect(opened.begun).toEqual([]);
    expect(opened.wire.closedWith).toEqual([[1012, 'Service restart']]);
  });

  test.each([
    '{',
    '[]',
    '{"type":"start"}',
    '{"type":"subscribe","id":""}',
    '{"type":"connection_ack"}',
    '{"type":"next"}',
  ])('closes with 4400 on %s', (message) => {
    const { wire, say } = open();
    say(message);
    expect(wire.closedWith).toEqual([[4400, 'Invalid message received']]);
  });

  test('may ask for acknowledgement once, and for nothing before it', () => {
    const twice = open();
    twice.acknowledge();
    twice.acknowledge();
    expect(twice.wire.closedWith).toEqual([[4429, 'Too many initialisation requests']]);
    const before = open();
    before.say(subscribe('1'));
    expect(before.wire.closedWith).toEqual([[4401, 'Unauthorized']]);
  });

  test('answers pings with what they brought, and pongs not at all', () => {
    const { wire, say } = open();
    say({ type: 'ping' });
    say({ type: 'ping', payload: { at: 5 } });
    say({ type: 'pong' });
    expect(wire.sent).toEqual([{ type: 'pong' }, { type: 'pong', payload: { at: 5 } }]);
  });

  test('may not use an id twice at a time; the reason fits into a close frame however long the id is', async () => {
    for (const [id, reason] of [
      ['1', 'Subscriber for 1 already exists'],
      ['ö'.repeat(100), 'Subscriber exists'],
    ] as const) {
      const { wire, acknowledge, say } = open();
      acknowledge();
      say(subscribe(id));
      say(subscribe(id));
      await settled();
      expect(wire.closedWith).toEqual([[4409, reason]]);
    }
  });

  test('whose operation fails to begin is closed with 4500, and the log says why', async () => {
    const { wire, acknowledge, say, logged } = open({}, () => Promise.reject(new Error('a bug')));
    acknowledge();
    say(subscribe('1'));
    await settled();
    expect(wire.closedWith).toEqual([[4500, 'Internal server error']]);
    expect(logged).toMatchObject([{ error: 'a bug' }]);
  });
});

describe('who says too much', () => {
  test('is closed with 4429; the next minute counts anew', () => {
    const { wire, acknowledge, say } = open({ messages: 3 });
    acknowledge();
    say({ type: 'pong' });
    say({ type: 'pong' });
    jest.advanceTimersByTime(60_001);
    for (let n = 0; n < 3; n++) wire.emit('ping');
    expect(wire.closedWith).toEqual([]);
    say({ type: 'pong' });
    expect(wire.closedWith).toEqual([[4429, 'Too many messages']]);
  });

  test('and takes nothing of the answers is ended', () => {
    const { wire, below, say } = open();
    below.writableLength = 8 * 1024 * 1024;
    say({ type: 'ping' });
    expect(wire.terminated).toBe(false);
    below.writableLength += 1;
    say({ type: 'ping' });
    expect(wire.terminated).toBe(true);
  });
});

describe('looked at again and again', () => {
  test('who answers pings stays, who does not is ended at the next', () => {
    const [there, gone] = [open(), open()];
    for (const { acknowledge } of [there, gone]) acknowledge();
    for (let n = 1; n <= 3; n++) {
      jest.advanceTimersByTime(PING_MS);
      for (const { live, wire } of [there, gone]) if (!wire.terminated) live.look();
      there.wire.emit('pong');
    }
    expect([there.wire.pings, there.wire.terminated]).toEqual([3, false]);
    expect([gone.wire.pings, gone.wire.terminated]).toEqual([1, true]);
  });

  test('who takes nothing for so long is ended, though he says that he is there; who takes a little stays', () => {
    const [stuck, slow] = [open({ untakenMs: 5_000 }), open({ untakenMs: 5_000 })];
    for (const { acknowledge } of [stuck, slow]) acknowledge();
    for (let n = 0; n < 8; n++) {
      jest.advanceTimersByTime(1_000);
      for (const { live, wire, below } of [stuck, slow]) {
        below.writableLength = 1_000;
        wire.emit('pong');
        if (!wire.terminated) live.look();
      }
      slow.below.bytesWritten += 10;
    }
    expect([stuck.wire.terminated, slow.wire.terminated]).toEqual([true, false]);
  });

  test('who has nothing to take is not waited for', () => {
    const { live, wire, acknowledge } = open({ untakenMs: 5_000 });
    acknowledge();
    for (let n = 0; n < 20; n++) {
      jest.advanceTimersByTime(1_000);
      wire.emit('pong');
      live.look();
    }
    expect(wire.terminated).toBe(false);
  });
});

describe('an operation', () => {
  async function begun() {
    const opened = open();
    opened.acknowledge();
    opened.say(subscribe('1'));
    await settled();
    opened.wire.sent.length = 0;
    return { ...opened, operation: opened.begun[0] as SocketOperation };
  }

  test('of a query is answered and complete, and its id is free', async () => {
    const { operation, wire, live, say, begun: all } = await begun();
    operation.answer({ data: { a: 1 } });
    operation.answer({ data: { a: 2 } });
    expect(wire.sent).toEqual([
      { id: '1', type: 'next', payload: { data: { a: 1 } } },
      { id: '1', type: 'complete' },
    ]);
    expect(live.operations.size).toBe(0);
    say(subscribe('1'));
    expect([all.length, wire.closedWith]).toEqual([2, []]);
  });

  test('that fails says so once, and no more after it', async () => {
    const { operation, wire, live, below } = await begun();
    operation.fail([new GraphQLError('no')]);
    operation.fail([new GraphQLError('again')]);
    operation.answer({ data: null });
    operation.send(new Messages(['1']));
    expect(wire.sent).toEqual([{ id: '1', type: 'error', payload: [{ message: 'no' }] }]);
    expect([live.operations.size, below.written]).toEqual([0, '']);
  });

  test('that the client completed is stopped and says nothing; its id may be used at once', async () => {
    const { operation, wire, live, say, begun: all, below } = await begun();
    const stop = jest.fn();
    operation.runs = { stop };
    say({ id: '1', type: 'complete' });
    say(subscribe('1'));
    operation.send(new Messages(['1']));
    operation.answer({ data: {} });
    operation.fail([new GraphQLError('late')]);
    expect(stop).toHaveBeenCalledTimes(1);
    expect([wire.sent, below.written]).toEqual([[], '']);
    expect(live.operations.get('1')).toBe(all[1]);
  });

  test('that was completed before its work began stops that at once', async () => {
    const { operation, say } = await begun();
    say({ id: '1', type: 'complete' });
    const stop = jest.fn();
    operation.runs = { stop };
    expect(stop).toHaveBeenCalledTimes(1);
  });

  test('of a subscription writes frames below the socket, as long as that is open', async () => {
    const { operation, live, below } = await begun();
    operation.send(new Messages(['{"a":1}']));
    below.writableLength = 7;
    expect(operation.waiting()).toBe(7);
    live.close(1012, 'Service restart');
    operation.send(new Messages(['{"a":2}']));
    expect(below.written).toContain('{"id":"1","type":"next","payload":{"a":1}}');
    expect(below.written).not.toContain('{"a":2}');
  });

  test('that nobody has is completed in vain', async () => {
    const { say, wire } = await begun();
    say({ id: '2', type: 'complete' });
    expect(wire.closedWith).toEqual([]);
  });
});
