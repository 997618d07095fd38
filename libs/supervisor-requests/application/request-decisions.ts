import { Injectable } from '@nestjs/common';
import { DomainError, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { nextDue } from '../domain/falling-due.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import type { SupervisorRequestState } from '../domain/request-state.js';
import type { SupervisorRequest } from '../domain/supervisor-request.js';
import { SupervisorRequestRepository } from '../domain/supervisor-request.repository.js';
import { Settling } from './settling.js';

/** Which request to decide about, and the version the caller looked at when deciding to (null: any). */
export interface RequestAt {
  readonly id: SupervisorRequestId;
  readonly ifVersion: ExpectedVersion;
}

/** Decides about a request at an instant; refuses before anything is written. */
export type Decide = (request: SupervisorRequest, at: Date) => void | Promise<void>;

type Outcome = { readonly state: SupervisorRequestState } | { readonly refusal: DomainError };

/**
 * Decides about one request at a time: under its lock, by the database's clock as it is once the lock is held, and after
 * what fell due by then. Of several who decide at once one is first, and the others decide about what it made.
 */
@Injectable()
export class RequestDecisions {
  constructor(
    private readonly requests: SupervisorRequestRepository,
    private readonly settling: Settling,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * What fell due is written also where the decision is refused then.
   * @throws SupervisorRequestNotFound, StaleVersion, and what `decide` refuses
   */
  async decide({ id, ifVersion }: RequestAt, decide: Decide): Promise<SupervisorRequestState> {
    const outcome = await this.unitOfWork.run(async (): Promise<Outcome> => {
      const { request, now, hasSettled } = await this.#settled(id);
      try {
        request.expectVersion(ifVersion);
        await decide(request, now);
      } catch (refusal) {
        if (hasSettled && refusal instanceof DomainError) return { refusal };
        throw refusal;
      }
      await this.requests.save(request);
      return { state: request.snapshot };
    });
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome.state;
  }

  /** Something else may have fallen due by the time that what was due is written, so that it is looked at again. */
  async #settled(
    id: SupervisorRequestId,
  ): Promise<{ readonly request: SupervisorRequest; readonly now: Date; readonly hasSettled: boolean }> {
    for (let hasSettled = false; ; hasSettled = true) {
      const request = await this.requests.get(id);
      const now = await this.requests.now();
      const due = nextDue(request.snapshot);
      const isDue = due !== null && due <= now;
      if (!isDue || !(await this.settling.settleOne(id))) return { request, now, hasSettled };
    }
  }
}
