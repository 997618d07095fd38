import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import { BodyTooLarge, SpooledBody } from './spooled-body.js';

const LINE_BYTES_MAX = 2_097_152;
const LINE_FEED = 0x0a;
const NOTHING = Buffer.alloc(0);

/** One line of a body, without its end. */
export class BodyLine {
  constructor(
    /** From 1. */
    readonly number: number,
    private readonly content: Buffer | null,
  ) {}

  /** @throws BodyTooLarge when the line is longer than a line may be. */
  get bytes(): Buffer {
    if (this.content === null) throw new BodyTooLarge('A line', LINE_BYTES_MAX);
    return this.content;
  }

  /** What it takes in memory. */
  get size(): number {
    return this.content?.length ?? 0;
  }
}

/**
 * The whole body of a route that declares `streamed`. Nothing else looks at it, no pipe either.
 * @throws InvalidInput
 */
export const BodyStream = createParamDecorator((_: unknown, context: ExecutionContext): SpooledBody => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!(body instanceof SpooledBody)) throw InvalidInput.at('', 'required', 'The body is missing.');
  return body;
});

/**
 * The lines of a body, empty ones left out, as often as the body itself can be read; never holds more than one line and
 * one chunk. A line that is too long is one of them, without its content.
 */
export function bodyLines(body: AsyncIterable<Buffer>): AsyncIterable<BodyLine> {
  return { [Symbol.asyncIterator]: () => linesOf(body) };
}

async function* linesOf(body: AsyncIterable<Buffer>): AsyncGenerator<BodyLine> {
  const growing = new GrowingLine();
  let number = 1;
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const content = growing.take(chunk.subarray(start, end));
      if (content === null || !isBlank(content)) yield new BodyLine(number, content);
      number += 1;
      start = end + 1;
    }
    growing.add(chunk.subarray(start));
  }
  const content = growing.take(NOTHING);
  if (content === null || !isBlank(content)) yield new BodyLine(number, content);
}

/** The line that is being read; what is too long is counted and not kept. */
class GrowingLine {
  #pieces: Buffer[] = [];
  #length = 0;

  add(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > LINE_BYTES_MAX) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  /** The line with its last piece, or null when it is too long; the next one begins. */
  take(last: Buffer): Buffer | null {
    if (this.#length === 0 && last.length <= LINE_BYTES_MAX) return last; // Most lines, without a copy.
    this.add(last);
    const content = this.#length > LINE_BYTES_MAX ? null : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    return content;
  }
}

const isBlank = (bytes: Buffer): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
