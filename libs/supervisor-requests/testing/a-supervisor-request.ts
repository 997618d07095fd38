import type { SupervisorRequestId } from '../domain/identity.js';
import type { NewRequestContent } from '../domain/request-content.js';
import type { SupervisorRequestState } from '../domain/request-state.js';
import { SupervisorRequest } from '../domain/supervisor-request.js';

export const ASKED_AT = new Date('2026-05-01T10:00:00.000Z');
export const ASKER = 'key:asker';

/** So many seconds after the request was made. */
export const after = (seconds: number): Date => new Date(ASKED_AT.getTime() + seconds * 1_000);

/** A question with nothing special. */
export const aContent = (content: Partial<NewRequestContent> = {}): NewRequestContent => ({
  storeId: 'store-042',
  kind: 'question',
  question: 'May the freezer be switched off?',
  options: null,
  responseSchema: null,
  details: {},
  priority: 3,
  timeoutSeconds: 60,
  assigneeTeamId: null,
  onTimeout: 'unresolved',
  defaultResponse: null,
  allowLateResponse: false,
  dedupeKey: null,
  callbackUrl: null,
  escalation: [],
  ...content,
});

/** A request that was just asked. */
export const anAsked = (content: Partial<NewRequestContent> = {}): SupervisorRequest =>
  SupervisorRequest.ask(
    { id: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10' as SupervisorRequestId, tenant: 'acme', requestedBy: ASKER },
    aContent(content),
    { at: ASKED_AT, reason: null },
  );

/** A stored request: a test names only what it is about. */
export const aRequest = (
  state: Partial<SupervisorRequestState> = {},
  content: Partial<NewRequestContent> = {},
): SupervisorRequest => SupervisorRequest.restore({ ...anAsked(content).snapshot, version: 1, ...state });
