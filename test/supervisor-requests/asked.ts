import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { eventually } from '../api.js';
import type { Sent, TestApi } from '../api.js';
import { aStore, REQUESTS } from './sown.js';

/** Asks a person; gives the answer of the service. */
export async function ask(api: TestApi, details: object = {}, sent: Sent = {}): Promise<any> {
  const question = { store_id: aStore(), kind: 'question', question: 'May we?', ...details };
  const { status, text, body } = await api.post(REQUESTS, question, sent);
  if (status !== 201) throw new Error(text);
  return body;
}

export async function respond(api: TestApi, id: string, text = 'Yes'): Promise<any> {
  const reply = await api.post(`${REQUESTS}/${id}/respond`, { text });
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.body;
}

/** A number that the service tells of itself. */
export const gauge = async (api: TestApi, name: string): Promise<number> =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec((await api.get('/metrics')).text)?.[1]);

export interface HeardEvent {
  readonly id: string;
  readonly type: string;
  readonly data: any;
}

/** A stream of events as a client reads it. */
export class HeardStream {
  text = '';
  isOver = false;

  private constructor(
    readonly response: IncomingMessage,
    private readonly sent: ClientRequest,
  ) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (this.text += chunk));
    response.on('error', () => undefined);
    response.once('close', () => (this.isOver = true));
  }

  static async open(
    api: TestApi,
    path: string,
    { headers = {}, key }: Pick<Sent, 'headers' | 'key'> = {},
  ): Promise<HeardStream> {
    const all = { ...headers, ...(key !== undefined && { authorization: `Bearer ${key}` }) };
    const sent = request(`${api.url}${path}`, { headers: all, agent: false });
    sent.on('error', () => undefined);
    return new Promise((resolve) => {
      sent.once('response', (response) => resolve(new HeardStream(response, sent)));
      sent.end();
    });
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get events(): HeardEvent[] {
    return [...this.text.matchAll(/id: (.*)\nevent: (.*)\n((?:data: .*\n)+)\n/g)].map(
      ([, id = '', type = '', data = '']) => ({
        id,
        type,
        data: JSON.parse(data.replaceAll(/^data: /gm, '')),
      }),
    );
  }

  /** What happened, by its short name. */
  get types(): string[] {
    return this.events.map(({ type }) =>
      type.replace(/^io\.metastore\.supervisor\.request\.(.*)\.v1$/, '$1'),
    );
  }

  /** What the client would come back with. */
  get lastId(): string {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';
  }

  async until(count: number): Promise<HeardEvent[]> {
    await eventually(
      async () => this.text.split('\nevent: ').length - 1,
      (heard) => heard >= count && this.text.endsWith('\n\n'),
    );
    return this.events;
  }

  async end(): Promise<void> {
    await eventually(async () => this.isOver, Boolean);
  }

  /** The head of the stream has come. */
  async begun(): Promise<this> {
    await eventually(
      async () => this.text,
      (text) => text.includes('\n\n'),
    );
    return this;
  }

  close(): void {
    this.sent.destroy();
  }
}
