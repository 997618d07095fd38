import { Readable } from 'node:stream';
import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError, InvalidInput } from '#shared-kernel';

const LINE_BYTES_MAX = 2_097_152;
const BODY_BYTES_MAX = 268_435_456;
const LINE_FEED = 0x0a;

/** More than a route takes. */
export class BodyTooLarge extends DomainError {
  readonly kind = 'too-large';
  readonly code = 'body_too_large';
  constructor(what: string, bytesMax: number) {
    super(`${what} has at most ${bytesMax} bytes.`);
  }
}

/** One line of a body, without its end, and its number from 1. */
export interface BodyLine {
  readonly number: number;
  readonly bytes: Buffer;
}

/**
 * The body of a route that declares `streamed`, as it comes in. Nothing else looks at it, no pipe either.
 * @throws InvalidInput
 */
export const BodyStream = createParamDecorator((_: unknown, context: ExecutionContext): Readable => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!body) throw InvalidInput.at('', 'required', 'The body is missing.');
  return body as Readable;
});

/**
 * The lines of a streamed body, empty ones left out; never holds more than one line and one chunk.
 * @throws BodyTooLarge
 */
export async function* bodyLines(body: Readable): AsyncIterable<BodyLine> {
  let rest: Buffer = Buffer.alloc(0);
  let total = 0;
  let number = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > BODY_BYTES_MAX) throw new BodyTooLarge('The body', BODY_BYTES_MAX);
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED)) {
      number += 1;
      if (!isBlank(bytes.subarray(0, end))) yield { number, bytes: bytes.subarray(0, end) };
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > LINE_BYTES_MAX) throw new BodyTooLarge('A line', LINE_BYTES_MAX);
    rest = Buffer.from(bytes);
  }
  if (!isBlank(rest)) yield { number: number + 1, bytes: rest };
}

const isBlank = (bytes: Buffer): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
