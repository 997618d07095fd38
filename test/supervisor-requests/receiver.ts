import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../api.js';
import type { TestApi } from '../api.js';
import { administer } from '../test-database.js';
import { REQUESTS } from './sown.js';

/** Of a service that may call receivers on this machine, and does not wait for them for long. */
export const CALLING_ENV = { WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_TIMEOUT_MS: '300' };

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

export const callbackOf = async (api: TestApi, id: string): Promise<any> =>
  (await api.get(`${REQUESTS}/${id}/callback`)).body;

/** What is said of the newest delivery, once it is so. */
export const deliveryOf = (api: TestApi, id: string, isWanted: (delivery: any) => boolean): Promise<any> =>
  eventually(
    async () => (await callbackOf(api, id)).deliveries.at(-1),
    (delivery) => delivery !== undefined && isWanted(delivery),
  );

/** As if the next attempt were due now. */
export const hastenCallbacks = (api: TestApi, id: string): Promise<unknown> =>
  administer(
    api.database.url,
    `update supervisor.callback set due_at = now() where request_id = '${id}' and due_at is not null`,
  );

/** The event, when the signature is right. */
export const verified = ({ text, headers }: Received, secret: string): any =>
  new Webhook(secret).verify(text, headers as Record<string, string>);
