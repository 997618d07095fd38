import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { WakeUp } from './wake-up.js';

const AUTHENTICATED = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const COMPLETE = Buffer.from([0x43, 0, 0, 0, 11, ...Buffer.from('LISTEN'), 0]);
const LONGEST_PAUSE_MS = 2_000;

/** As much of PostgreSQL as it takes to listen; while it is closed, it hangs up on everybody. */
class ListeningPost {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  isOpen = true;
  calls = 0;

  constructor() {
    this.#server = createServer((socket) => this.#answer(socket));
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `postgres://metastore@127.0.0.1:${(this.#server.address() as AddressInfo).port}/metastore`;
  }

  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.hangUp();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(socket: Socket): void {
    this.calls += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    if (!this.isOpen) {
      socket.destroy();
      return;
    }
    let isGreeted = false;
    socket.on('data', () => {
      socket.write(isGreeted ? Buffer.concat([COMPLETE, READY]) : Buffer.concat([AUTHENTICATED, READY]));
      isGreeted = true;
    });
  }
}

describe('WakeUp', () => {
  let post: ListeningPost;
  let wakeUp: WakeUp;
  let moves: (readonly string[] | null)[];

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });
    post = new ListeningPost();
    moves = [];
    wakeUp = new WakeUp(await post.start(), (tenants) => moves.push(tenants));
  });

  afterEach(async () => {
    await wakeUp.stop();
    await post.stop();
    jest.useRealTimers();
  });

  /** Lets the sockets speak until it is so. */
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
  };

  /** Lets the sockets say all that they have to say. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  it('looks at everything as soon as it listens', async () => {
    await wakeUp.start();
    expect(moves).toEqual([null]);
  });

  it('fails to start where nobody answers, and does not try behind the back of who started it', async () => {
    post.isOpen = false;
    await expect(wakeUp.start()).rejects.toThrow();
    await settle();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('tries once at a time while the database is away, however long', async () => {
    await wakeUp.start();
    post.isOpen = false;
    post.hangUp();
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      await until(() => jest.getTimerCount() > 0);
      await settle();
      expect(jest.getTimerCount()).toBe(1);
      jest.advanceTimersByTime(LONGEST_PAUSE_MS);
      await until(() => post.calls > attempt);
      expect(post.calls).toBe(1 + attempt);
    }
  });

  it('listens again as soon as the database is back, and looks at everything that it may have missed', async () => {
    await wakeUp.start();
    post.hangUp();
    await until(() => jest.getTimerCount() > 0);
    jest.advanceTimersByTime(LONGEST_PAUSE_MS);
    await until(() => moves.length === 2);
    expect(moves).toEqual([null, null]);
    await settle();
    expect(post.calls).toBe(2);
  });

  it('does not come back once it was stopped', async () => {
    await wakeUp.start();
    await wakeUp.stop();
    post.hangUp();
    await settle();
    expect([jest.getTimerCount(), post.calls]).toEqual([0, 1]);
  });
});
