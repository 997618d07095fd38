import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { allowSecrets } from '#platform/auth';
import { CallContext } from '#platform/context';
import type { Showing } from '../application/metadata.queries.js';

/** Decides whether secrets are shown, and keeps an answer with one out of every cache. */
@Injectable()
export class Reveal {
  constructor(private readonly context: CallContext) {}

  /** @throws PermissionDenied */
  showing(asked: boolean | undefined, reply: FastifyReply): Showing {
    if (asked !== true) return 'redacted';
    allowSecrets(this.context.current.caller, reply);
    return 'revealed';
  }
}
