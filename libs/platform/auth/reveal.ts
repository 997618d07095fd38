import type { FastifyReply } from 'fastify';
import type { Caller } from '#platform/context';
import { PermissionDenied } from './errors.js';

const SECRETS = 'secrets:read';

/** Lets a caller see secrets, and keeps the answer with them out of every cache. @throws PermissionDenied */
export function allowSecrets(caller: Caller, reply: FastifyReply): void {
  if (!caller.permissions.has(SECRETS)) throw new PermissionDenied(SECRETS);
  reply.header('Cache-Control', 'no-store');
}
