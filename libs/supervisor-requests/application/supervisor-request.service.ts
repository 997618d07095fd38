import { Injectable } from '@nestjs/common';
import { IdConflict, sameJson, UnitOfWork } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import type { Escalation } from '../domain/falling-due.js';
import { DedupeKeyTaken, ResponseRefused } from '../domain/errors.js';
import type { SupervisorRequestId } from '../domain/identity.js';
import { askedOf, checkedContent } from '../domain/request-content.js';
import type { NewRequestContent, RequestRevision } from '../domain/request-content.js';
import type { SupervisorRequestState } from '../domain/request-state.js';
import { answerMistakes, isSchemaAsked, toAnswer } from '../domain/responses.js';
import type { SaidAnswer } from '../domain/responses.js';
import { SupervisorRequest } from '../domain/supervisor-request.js';
import type { Doing } from '../domain/supervisor-request.js';
import { SupervisorRequestRepository } from '../domain/supervisor-request.repository.js';
import { RequestDecisions } from './request-decisions.js';
import type { RequestAt } from './request-decisions.js';
import { ResponseSchemas } from './response-schemas.js';
import { Settling } from './settling.js';
import { TeamsAsked } from './teams-asked.js';

/** How often somebody else may get in between with the same key before the caller is told. */
const ATTEMPTS_MAX = 5;

/** A request that is to be made. */
export interface NewSupervisorRequest {
  readonly id: SupervisorRequestId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly requestedBy: string;
  readonly content: NewRequestContent;
  readonly reason: string | null;
}

/** What became of it: `unchanged` where it, or an open one with its dedupe key, is there already. */
export interface StoredSupervisorRequest {
  readonly state: SupervisorRequestState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there at an instant. */
export type ReviseRequest = (current: SupervisorRequestState, at: Date) => RequestRevision;

/** Everything that changes a supervisor request, but claims. */
@Injectable()
export class SupervisorRequestService {
  constructor(
    private readonly requests: SupervisorRequestRepository,
    private readonly decisions: RequestDecisions,
    private readonly settling: Settling,
    private readonly schemas: ResponseSchemas,
    private readonly teams: TeamsAsked,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict, and of those with the same dedupe key one is open at most: what
   * is stored is the answer.
   * @throws InvalidInput, SchemaRefused, ResponseRefused, IdConflict, CatalogReferenceUnknown
   */
  async create(request: NewSupervisorRequest): Promise<StoredSupervisorRequest> {
    await this.#expectSound(request);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.unitOfWork.attempt(() => this.#create(request));
      } catch (error) {
        const isSentTwice = error instanceof IdConflict && request.idIsGiven && attempt === 1;
        if (attempt === ATTEMPTS_MAX || !(isSentTwice || error instanceof DedupeKeyTaken)) throw error;
      }
    }
  }

  /** @throws SupervisorRequestNotFound, StaleVersion, AlreadyResolved, InvalidInput, CatalogReferenceUnknown */
  revise(target: RequestAt, revise: ReviseRequest, reason: string | null): Promise<SupervisorRequestState> {
    return this.decisions.decide(target, async (request, at) => {
      request.expectPending();
      const before = request.snapshot;
      const revision = revise(before, at);
      await this.teams.expectKnown(before, revision.assigneeTeamId);
      request.revise(revision, { at, reason });
    });
  }

  /** @throws SupervisorRequestNotFound, StaleVersion, AlreadyResolved, Claimed, ResponseRefused, SelfApproval */
  async respond(
    target: RequestAt,
    said: SaidAnswer,
    who: Omit<Doing, 'at'>,
  ): Promise<SupervisorRequestState> {
    const mistakes = await this.#mistakesIn(said, await this.requests.look(target.id));
    return this.decisions.decide(target, (request, at) => {
      request.expectRespondable();
      if (mistakes.length > 0) throw new ResponseRefused(mistakes);
      request.respond(toAnswer(said), { ...who, at });
    });
  }

  /** @throws SupervisorRequestNotFound, StaleVersion, AlreadyResolved */
  cancel(target: RequestAt, reason: string | null): Promise<SupervisorRequestState> {
    return this.decisions.decide(target, (request, at) => request.cancel({ at, reason }));
  }

  /**
   * Null: the next step, at once.
   * @throws SupervisorRequestNotFound, StaleVersion, AlreadyResolved, NothingToEscalate, CatalogReferenceUnknown
   */
  escalate(
    target: RequestAt,
    change: Escalation | null,
    reason: string | null,
  ): Promise<SupervisorRequestState> {
    return this.decisions.decide(target, async (request) => {
      request.expectPending();
      await this.teams.expectKnown(request.snapshot, change?.assigneeTeamId);
      request.escalate(change, { reason });
    });
  }

  /** @throws SupervisorRequestNotFound, StaleVersion, StillPending */
  async delete(target: RequestAt, reason: string | null): Promise<void> {
    await this.decisions.decide(target, (request) => request.delete(reason));
  }

  async #create(request: NewSupervisorRequest): Promise<StoredSupervisorRequest> {
    const { id, tenant, requestedBy, content, reason, idIsGiven } = request;
    if (idIsGiven && (await this.requests.isIdUsed(id))) return this.#repeat(request);
    const open = await this.#open(request);
    if (open) return { state: open, outcome: 'unchanged' };
    await this.teams.expectAllKnown(tenant, content);
    const at = await this.requests.now();
    const made = SupervisorRequest.ask({ id, tenant, requestedBy }, content, { at, reason });
    await this.requests.save(made);
    return { state: made.snapshot, outcome: 'created' };
  }

  /** One whose time ran out is open no more: what fell due for it is written, and then it is looked at again. */
  async #open({ tenant, content }: NewSupervisorRequest): Promise<SupervisorRequestState | null> {
    const { storeId, dedupeKey } = content;
    if (dedupeKey === null) return null;
    const find = async (): Promise<SupervisorRequestState | null> =>
      (await this.requests.findOpen({ tenant, storeId, dedupeKey }))?.snapshot ?? null;
    const open = await find();
    return open && (await this.settling.settleOne(open.id)) ? find() : open;
  }

  /** @throws IdConflict */
  async #repeat({ id, tenant, content }: NewSupervisorRequest): Promise<StoredSupervisorRequest> {
    const first = await this.requests.firstOf(id);
    const isSame = first?.tenant === tenant && sameJson(askedOf(first), askedOf(content));
    if (!isSame) throw new IdConflict();
    await this.settling.settleOne(id);
    return { state: await this.requests.look(id), outcome: 'unchanged' };
  }

  async #expectSound({ tenant, content }: NewSupervisorRequest): Promise<void> {
    const { responseSchema, defaultResponse } = checkedContent(content);
    if (responseSchema === null) return;
    await this.schemas.admit(tenant, responseSchema, '/response_schema');
    if (!defaultResponse) return;
    const { data } = defaultResponse;
    const at = { data: data ?? null, pointer: '/default_response/data' };
    const mistakes = await this.schemas.check(tenant, responseSchema, at);
    if (mistakes.length > 0) throw new ResponseRefused(mistakes);
  }

  /** What is asked for never changes, so that it is looked at before anybody is kept waiting. */
  async #mistakesIn(said: SaidAnswer, state: SupervisorRequestState): Promise<readonly Violation[]> {
    const { tenant, responseSchema } = state;
    const mistakes = answerMistakes(state, said);
    if (responseSchema === null || !isSchemaAsked(state, said)) return mistakes;
    const at = { data: said.data ?? null, pointer: '/data' };
    return [...mistakes, ...(await this.schemas.check(tenant, responseSchema, at))];
  }
}
