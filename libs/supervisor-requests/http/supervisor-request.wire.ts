import type { SupervisorRequestView } from '../application/supervisor-request.queries.js';
import type { Answer, EscalationStep, Response, SupervisorRequestState } from '../domain/request-state.js';
import { statusOf } from '../domain/standing.js';
import type {
  AnswerResponse,
  EscalationStepResponse,
  ResponseResponse,
  SupervisorRequestResponse,
} from './supervisor-request.dto.js';

/** As it is shown. */
export function toSupervisorRequestResponse(request: SupervisorRequestView): SupervisorRequestResponse {
  const { stamp, claim, response, defaultResponse } = request;
  return {
    id: request.id,
    tenant_id: request.tenant,
    version: request.version,
    store_id: request.storeId,
    kind: request.kind,
    question: request.question,
    options: request.options,
    response_schema: request.responseSchema,
    details: request.details,
    priority: request.priority,
    request_timestamp: request.requestTimestamp.toISOString(),
    expires_at: request.expiresAt.toISOString(),
    status: statusOf(request.statusCode),
    status_code: request.statusCode,
    resolution: request.resolution,
    settled_at: request.settledAt?.toISOString() ?? null,
    assignee_team_id: request.assigneeTeamId,
    claim: claim && { by: claim.by, expires_at: claim.expiresAt.toISOString() },
    response: response && toResponse(response),
    on_timeout: request.onTimeout,
    default_response: defaultResponse && toAnswer(defaultResponse),
    allow_late_response: request.allowLateResponse,
    dedupe_key: request.dedupeKey,
    callback_url: request.callbackUrl,
    requested_by: request.requestedBy,
    escalation: request.escalation.map(toStep),
    escalated: request.escalated,
    created_at: stamp.createdAt.toISOString(),
    updated_at: stamp.updatedAt.toISOString(),
    created_by: stamp.createdBy,
    updated_by: stamp.updatedBy,
  };
}

/** What was just stored, as it is shown. */
export function toStoredSupervisorRequest({
  stamp,
  ...request
}: SupervisorRequestState): SupervisorRequestResponse {
  if (!stamp) throw new Error('Only what is stored can be shown.');
  return toSupervisorRequestResponse({ ...request, stamp });
}

const toAnswer = ({ text, decision, data }: Answer): AnswerResponse => ({ text, decision, data });

export const toResponse = (response: Response): ResponseResponse => ({
  ...toAnswer(response),
  responded_by: response.respondedBy,
  responded_at: response.respondedAt.toISOString(),
  late: response.late,
});

const toStep = (step: EscalationStep): EscalationStepResponse => ({
  after_seconds: step.afterSeconds,
  priority: step.priority,
  assignee_team_id: step.assigneeTeamId,
});
