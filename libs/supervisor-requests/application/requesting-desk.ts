import { Injectable } from '@nestjs/common';
import { IdConflict, UnitOfWork } from '#shared-kernel';
import { supervisorRequestId } from '../domain/identity.js';
import { SupervisorRequestRepository } from '../domain/supervisor-request.repository.js';
import type { NewSupervisorRequest } from './supervisor-request.service.js';
import { SupervisorRequestService } from './supervisor-request.service.js';
import { SupervisorDesk } from './supervisor-desk.js';
import type { Question } from './supervisor-desk.js';

/** What a question of another context leaves open. */
const PLAIN = {
  options: null,
  responseSchema: null,
  onTimeout: 'unresolved',
  defaultResponse: null,
  allowLateResponse: false,
  dedupeKey: null,
  callbackUrl: null,
  escalation: [],
} as const;

/** Makes a supervisor request of every question. */
@Injectable()
export class RequestingDesk extends SupervisorDesk {
  constructor(
    private readonly service: SupervisorRequestService,
    private readonly requests: SupervisorRequestRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  override ask(question: Question): Promise<void> {
    const request = toRequest(question);
    return this.unitOfWork.run(async () => {
      if (await this.requests.isIdUsed(request.id)) return;
      try {
        await this.unitOfWork.attempt(() => this.service.create(request));
      } catch (error) {
        if (!(error instanceof IdConflict)) throw error; // Asked twice at one moment, it is there by now.
      }
    });
  }
}

function toRequest({ id, tenant, requestedBy, ...asked }: Question): NewSupervisorRequest {
  return {
    id: supervisorRequestId(id),
    idIsGiven: false, // What is there already is right, whatever it says.
    tenant,
    requestedBy,
    content: { ...PLAIN, ...asked },
    reason: null,
  };
}
