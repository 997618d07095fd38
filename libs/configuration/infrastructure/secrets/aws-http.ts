import { Readable, Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { ANSWER_BYTES_MAX, SecretFailure, TOO_LARGE } from './secret-source.js';

/** Lets no more through than an answer may have. */
class Bounded extends Transform {
  #size = 0;

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#size += chunk.length;
    if (this.#size > ANSWER_BYTES_MAX) done(new SecretFailure('too_large', TOO_LARGE));
    else done(null, chunk);
  }
}

/** The SDK's own handler, with answers of bounded length. */
export class BoundedHttpHandler extends NodeHttpHandler {
  override async handle(
    ...asked: Parameters<NodeHttpHandler['handle']>
  ): ReturnType<NodeHttpHandler['handle']> {
    const answer = await super.handle(...asked);
    const body: unknown = answer.response.body;
    if (body instanceof Readable) {
      const bounded = new Bounded();
      body.once('error', (error) => bounded.destroy(error));
      body.once('aborted', () => bounded.destroy(new Error('The answer broke off.')));
      answer.response.body = body.pipe(bounded);
    }
    return answer;
  }
}
