import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '#shared-kernel';
import { ServerSecrets } from './server-secrets.js';

/** A cursor that was not made here, or not for this list. */
export class InvalidCursor extends DomainError {
  readonly kind = 'invalid';
  readonly code = 'invalid_cursor';
  override readonly facts = {
    errors: [{ pointer: '/cursor', code: 'invalid_cursor', detail: 'Start again without a cursor.' }],
  };
  constructor() {
    super('The cursor does not belong to this list with these filters.');
  }
}

/** Where a page ended: the sort values of its last row. */
export type Position = readonly (string | number)[];

const SIGNATURE_BYTES = 16;
const SCOPE_BYTES = 9;

/**
 * Makes and reads cursors: base64url of the position and a hash of what was asked for, with an HMAC. Alike on every
 * replica.
 */
@Injectable()
export class Cursors {
  constructor(private readonly secrets: ServerSecrets) {}

  /** `scope` is everything but the position: which list, which filters, which order, for whom. */
  seal(scope: unknown, position: Position): string {
    const body = Buffer.from(JSON.stringify([scopeHash(scope), ...position]));
    return Buffer.concat([sign(this.secrets.of('cursor'), body), body]).toString('base64url');
  }

  /** @throws InvalidCursor */
  open(scope: unknown, cursor: string): Position {
    const bytes = Buffer.from(cursor, 'base64url');
    const body = bytes.subarray(SIGNATURE_BYTES);
    const expected = sign(this.secrets.of('cursor'), body);
    // Compared as text too: decoding base64url forgives what it does not know.
    if (bytes.toString('base64url') !== cursor || bytes.length <= SIGNATURE_BYTES) throw new InvalidCursor();
    if (!timingSafeEqual(expected, bytes.subarray(0, SIGNATURE_BYTES))) throw new InvalidCursor();
    const [hash, ...position] = JSON.parse(body.toString()) as [string, ...(string | number)[]];
    if (hash !== scopeHash(scope)) throw new InvalidCursor();
    return position;
  }
}

const sign = (key: Buffer, body: Buffer): Buffer =>
  createHmac('sha256', key).update(body).digest().subarray(0, SIGNATURE_BYTES);

const scopeHash = (scope: unknown): string =>
  createHash('sha256').update(JSON.stringify(scope)).digest().subarray(0, SCOPE_BYTES).toString('base64url');
