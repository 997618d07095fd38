import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** With its query, as it was sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers in one's own way: a fault instead of what the protocol says. */
export type Fault = (response: ServerResponse) => void;

/** A server of one's own on a free port that notes what arrives. */
export abstract class ContractServer {
  readonly arrived: Arrived[] = [];
  /** While it is there, every request of this beginning is answered by it. */
  #fault: { readonly path: string; readonly fault: Fault } | null = null;
  readonly #server: Server;
  #url = '';

  protected constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  /** Also when it is closed. */
  get url(): string {
    return this.#url;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** From now on whatever is asked for below this path ends in the fault; null mends it. */
  break(path: string, fault: Fault | null): void {
    this.#fault = fault && { path, fault };
  }

  /** How often a path of this beginning was asked for. */
  timesAsked(path: string): number {
    return this.arrived.filter(({ url }) => url.startsWith(path)).length;
  }

  protected abstract answer(request: Arrived, response: ServerResponse): void;

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const arrived = { method, url, headers, body: Buffer.concat(chunks).toString() };
    this.arrived.push(arrived);
    if (this.#fault && url.startsWith(this.#fault.path)) this.#fault.fault(response);
    else this.answer(arrived, response);
  }
}

export function json(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** What can go wrong with any server. */
export const FAULTS = {
  /** Never an answer. */
  silent: () => undefined,
  /** The head of an answer, and then nothing any more. */
  stalled: (response) =>
    void response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"data":'),
  reset: (response) => void response.socket?.resetAndDestroy(),
  brokenOff: (response) => {
    response.writeHead(200, { 'Content-Length': '1000' }).write('{"data":');
    setImmediate(() => response.socket?.destroy());
  },
  malformed: (response) =>
    void response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"data":'),
  huge: (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const more = (): void => {
      if (!response.destroyed && response.write('x'.repeat(65_536))) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  },
} satisfies Record<string, Fault>;

export const redirect =
  (location: string): Fault =>
  (response) =>
    void response.writeHead(307, { Location: location }).end();

export const status =
  (code: number, body: object = {}): Fault =>
  (response) =>
    json(response, code, body);
