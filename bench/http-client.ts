import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Requests over connections that are kept: as little as possible between the clock and the service. */
export class HttpClient {
  readonly #agent: Agent;

  constructor(
    private readonly url: string,
    connections = 1,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  get(path: string): Promise<Answer> {
    return this.#send('GET', path);
  }

  /** @throws when it is refused */
  async write(method: 'POST' | 'PUT', path: string, body: object): Promise<Answer> {
    const answer = await this.#send(method, path, JSON.stringify(body));
    if (answer.status >= 300)
      throw new Error(`${method} ${path} was answered ${answer.status}: ${answer.text}`);
    return answer;
  }

  /** @throws when it is not there */
  async read(path: string): Promise<Answer> {
    const answer = await this.get(path);
    if (answer.status !== 200) throw new Error(`GET ${path} was answered ${answer.status}: ${answer.text}`);
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
      const sent = request(`${this.url}${path}`, { method, agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const { statusCode = 0, headers: received } = response;
          resolve({ status: statusCode, headers: received, text: Buffer.concat(chunks).toString() });
        });
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }
}
