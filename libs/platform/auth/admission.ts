import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '#platform/context';
import { Authenticator } from './authenticator.js';
import { CredentialMissing, PermissionDenied } from './errors.js';
import { SignedUrls } from './signed-urls.js';

/** Nobody in particular, who may see what is public. */
const NOBODY: Caller = { actor: 'nobody', tenant: null, permissions: new Set() };

/** Lets a call in, or not: who calls, and whether they may do what the route declares. */
@Injectable()
export class Admission {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly signedUrls: SignedUrls,
  ) {}

  /** The caller when nothing has to be found out and nothing refused; else null. */
  knownCaller(headers: IncomingHttpHeaders): Caller | null {
    return this.authenticator.knownCaller(headers);
  }

  /**
   * Hands over the caller as soon as it is known, before it is asked whether they may: who was turned away is noted too.
   * What is public asks nobody: a probe with an old key, or while the database is away, is answered like any other.
   * @throws CredentialMissing, CredentialInvalid, SignedUrlInvalid, SignedUrlExpired, PermissionDenied
   */
  admit(request: FastifyRequest, permission: string, known: (caller: Caller) => void): void | Promise<void> {
    if (permission === 'public') {
      known(NOBODY);
      return undefined;
    }
    const caller = this.signedUrls.hasToken(request)
      ? this.signedUrls.callerOf(request)
      : this.authenticator.authenticate(request);
    if (caller instanceof Promise) return caller.then((verified) => decide(verified, permission, known));
    return decide(caller, permission, known);
  }
}

function decide(caller: Caller | null, permission: string, known: (caller: Caller) => void): void {
  known(caller ?? NOBODY);
  if (caller === null) throw new CredentialMissing();
  if (!caller.permissions.has(permission)) throw new PermissionDenied(permission);
}
