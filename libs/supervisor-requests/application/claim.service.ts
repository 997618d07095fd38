import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#shared-kernel';
import type { Release } from '../domain/claims.js';
import { AlreadyResolved } from '../domain/errors.js';
import type { SupervisorRequestState } from '../domain/request-state.js';
import { RequestDecisions } from './request-decisions.js';
import type { RequestAt } from './request-decisions.js';
import { Settling } from './settling.js';
import { WorkQueue } from './work-queue.js';
import type { WorkWanted } from './work-queue.js';

/** Who wants a claim, for how long, and why. */
export interface ClaimWanted {
  readonly by: string;
  readonly seconds: number;
  readonly reason: string | null;
}

/** Who lets go of a claim, and why. */
export type ClaimReleased = Omit<Release, 'at'> & { readonly reason: string | null };

/** Before the queue is looked at; where more is due, it is looked at again as long as nothing is found. */
const SETTLED_AT_ONCE = 500;

/** Who works on which request. */
@Injectable()
export class ClaimService {
  constructor(
    private readonly decisions: RequestDecisions,
    private readonly queue: WorkQueue,
    private readonly settling: Settling,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws SupervisorRequestNotFound, StaleVersion, AlreadyResolved, Claimed */
  claim(target: RequestAt, { reason, ...lease }: ClaimWanted): Promise<SupervisorRequestState> {
    return this.decisions.decide(target, (request, at) => request.claim({ ...lease, at }, reason));
  }

  /** @throws SupervisorRequestNotFound, StaleVersion, AlreadyResolved, ClaimLost */
  renew(target: RequestAt, { reason, ...lease }: ClaimWanted): Promise<SupervisorRequestState> {
    return this.decisions.decide(target, (request, at) => request.renewClaim({ ...lease, at }, reason));
  }

  /** @throws SupervisorRequestNotFound, StaleVersion, Claimed */
  async release(target: RequestAt, { reason, ...release }: ClaimReleased): Promise<void> {
    await this.decisions.decide(target, (request, at) => request.releaseClaim({ ...release, at }, reason));
  }

  /** The most urgent one that is free; null where there is none. */
  async claimNext(wanted: WorkWanted, claim: ClaimWanted): Promise<SupervisorRequestState | null> {
    const { tenant, storeId } = wanted;
    for (;;) {
      const settled = await this.settling.settleDue({ tenants: [tenant], storeId }, SETTLED_AT_ONCE);
      const state = await this.unitOfWork.run(() => this.#claimNext(wanted, claim));
      if (state || settled === 0) return state;
    }
  }

  /** What is found may be over by the time it is locked: it is settled then, and the one after it is taken. */
  async #claimNext(wanted: WorkWanted, claim: ClaimWanted): Promise<SupervisorRequestState | null> {
    for (;;) {
      const id = await this.queue.next(wanted);
      if (!id) return null;
      try {
        return await this.claim({ id, ifVersion: null }, claim);
      } catch (error) {
        if (!(error instanceof AlreadyResolved)) throw error;
      }
    }
  }
}
