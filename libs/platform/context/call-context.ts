import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Call } from './call.js';

/** Carries the call through everything that is done for it. */
@Injectable()
export class CallContext {
  readonly #storage = new AsyncLocalStorage<Call>();

  run<T>(call: Call, work: () => T): T {
    return this.#storage.run(call, work);
  }

  /** The same items, each asked for inside the call that is open now, whoever it is that takes them, and when. */
  inCall<T>(items: AsyncIterable<T>): AsyncIterable<T> {
    return this.#eachIn(this.current, items);
  }

  /** Runs work that nobody asked for over HTTP, for example a job: platform-wide, under its own name. */
  runAsSystem<T>(name: string, work: () => T): T {
    const caller = { actor: `system:${name}`, tenant: null, permissions: new Set<string>() };
    return this.run({ caller, requestId: uuidv7(), traceId: null }, work);
  }

  /** Fails outside a call, so that nothing is done in nobody's name. */
  get current(): Call {
    const call = this.#storage.getStore();
    if (!call) throw new Error('No call is open: wrap this in CallContext.run() or runAsSystem().');
    return call;
  }

  get currentOrNull(): Call | null {
    return this.#storage.getStore() ?? null;
  }

  async *#eachIn<T>(call: Call, items: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = items[Symbol.asyncIterator]();
    for (;;) {
      const step = await this.run(call, () => iterator.next());
      if (step.done === true) return;
      yield step.value;
    }
  }
}
