import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';

export interface CutRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** After so many bytes of the body the socket is torn, in the middle of whatever comes; null: never. */
  readonly cutAfter: number | null;
  /** Sees the answer as it begins, and may hold it up. */
  readonly begun?: (response: IncomingMessage) => void;
  /** Gets the bytes before the cut. */
  readonly read: (chunk: Buffer) => void;
}

const agent = new Agent({ keepAlive: true, maxSockets: 100 });

/** Gives the status of an answer that was read to its end; null where the connection broke, by ourselves or not. @throws what `read` does */
export function read({ url, headers, cutAfter, begun, read: take }: CutRequest): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const broken = (): void => resolve(null);
    const sent = request(url, { headers, agent }, (response) => {
      let left = cutAfter ?? Infinity;
      begun?.(response);
      response.on('data', (chunk: Buffer) => {
        if (left <= 0) return;
        try {
          take(chunk.length > left ? chunk.subarray(0, left) : chunk);
        } catch (error) {
          reject(error as Error);
          left = 0;
        }
        left -= chunk.length;
        if (left <= 0) response.destroy();
      });
      response.on('error', broken);
      response.on('close', () => resolve(response.complete && left > 0 ? (response.statusCode ?? 0) : null));
    });
    sent.on('error', broken);
    sent.end();
  });
}
