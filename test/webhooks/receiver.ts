import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../api.js';

/** Of a service that may call receivers on this machine, and does not wait for them for long. */
export const TELLING_ENV = { WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_TIMEOUT_MS: '1000' };

/** A message as it came in. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly event: any;
}

/** Whoever is told: answers as it is told, and keeps what it got. */
export class Receiver {
  readonly received: Received[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** `answer` gets the message, and its number from 1. */
  static async start(
    answer: (reply: ServerResponse, message: Received, count: number) => void = ok,
  ): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(server, `http://127.0.0.1:${port}/`);
    server.on('request', (request, reply) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const message = { headers: request.headers, text, event: JSON.parse(text) };
        receiver.received.push(message);
        answer(reply, message, receiver.received.length);
      });
    });
    return receiver;
  }

  /** Each once, as somebody sees them who keeps every webhook-id, in the order in which they came first. */
  get events(): any[] {
    const first = new Map<unknown, any>();
    for (const { headers, event } of this.received)
      if (!first.has(headers['webhook-id'])) first.set(headers['webhook-id'], event);
    return [...first.values()];
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

export const ok = (reply: ServerResponse): void => void reply.writeHead(204).end();

/** The event, when the signature is right. */
export const verified = ({ text, headers }: Received, secret: string): any =>
  new Webhook(secret).verify(text, headers as Record<string, string>);
