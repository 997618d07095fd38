import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../api.js';

/** A message as it came in. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Whoever is called back: answers as it is told, and keeps what it got. */
export class Receiver {
  readonly received: Received[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** `answer` gets the number of the message, from 1. */
  static async start(answer: (reply: ServerResponse, count: number) => void = ok): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, reply) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        receiver.received.push({ path: request.url ?? '', headers: request.headers, text });
        answer(reply, receiver.received.length);
      });
    });
    return receiver;
  }

  until(count: number): Promise<Received[]> {
    return eventually(
      async () => this.received,
      (received) => received.length >= count,
    );
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function ok(reply: ServerResponse): void {
  reply.writeHead(204).end();
}
