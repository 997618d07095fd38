import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as it came in. */
export interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** How a receiver answers; without an answer the connection stays open. */
export type Manner = (reply: ServerResponse) => void;

export const takes: Manner = (reply) => void reply.writeHead(204).end();

/** Somebody outside who is told of changes, well or ill. It keeps what it took, and counts what it refused. */
export class WebhookReceiver {
  readonly taken: Message[] = [];
  /** Of what it took; what came more than once counts once. */
  readonly ids = new Set<string>();
  refused = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private manner: Manner,
  ) {}

  static async start(manner: Manner = takes): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new WebhookReceiver(server, `http://127.0.0.1:${port}/`, manner);
    server.on('request', (request, reply) => {
      const chunks: Buffer[] = [];
      reply.on('error', () => undefined);
      request.on('error', () => undefined);
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () =>
        receiver.#answer({ headers: request.headers, text: Buffer.concat(chunks).toString() }, reply),
      );
    });
    return receiver;
  }

  /** From now on it takes everything. */
  heal(): void {
    this.manner = takes;
    this.server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #answer(message: Message, reply: ServerResponse): void {
    reply.once('finish', () => {
      if (reply.statusCode >= 300) return;
      this.taken.push(message);
      this.ids.add(String(message.headers['webhook-id']));
    });
    if (this.manner !== takes) this.refused += 1;
    this.manner(reply);
  }
}
