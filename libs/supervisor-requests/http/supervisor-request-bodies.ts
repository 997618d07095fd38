import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Violation } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { ancestorsOf, checkBody, expectNone, isMembers, Reading, reasonOf } from '#platform/http';
import type { CheckedBody } from '#platform/http';
import type { NewSupervisorRequest, ReviseRequest } from '../application/supervisor-request.service.js';
import type { Escalation } from '../domain/falling-due.js';
import { supervisorRequestId } from '../domain/identity.js';
import { mergedDocument } from '../domain/json.js';
import {
  contentMistakes,
  PRIORITY_DEFAULT,
  revisionMistakes,
  TIMEOUT_SECONDS_DEFAULT,
} from '../domain/request-content.js';
import type { NewRequestContent } from '../domain/request-content.js';
import { DECISIONS, ON_TIMEOUT } from '../domain/request-state.js';
import type { SaidAnswer } from '../domain/responses.js';
import {
  CreateStoreSupervisorRequestBody,
  CreateSupervisorRequestBody,
  EscalateBody,
  RespondBody,
  ReviseSupervisorRequestBody,
} from './supervisor-request-bodies.dto.js';
import type { AnswerBody, EscalationStepBody } from './supervisor-request-bodies.dto.js';

type AnyNew = CreateSupervisorRequestBody | CreateStoreSupervisorRequestBody;

/** What is to be done, and why. */
export interface Asked<T> {
  readonly asked: T;
  readonly reason: string | null;
}

/** From bodies of supervisor requests to what the service takes; everything that is wrong is told together. */
@Injectable()
export class SupervisorRequestBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewSupervisorRequest> {
    return this.#toNew(await checkBody(CreateSupervisorRequestBody, sent), null);
  }

  /** @throws InvalidInput, TenantForbidden */
  async toNewOfStore(sent: unknown, storeId: string): Promise<NewSupervisorRequest> {
    return this.#toNew(await checkBody(CreateStoreSupervisorRequestBody, sent), storeId);
  }

  /** A body that cannot be read is told once the request is there. */
  async toRevision(sent: unknown): Promise<Asked<ReviseRequest>> {
    const checked = await checkBody(ReviseSupervisorRequestBody, sent);
    const asked: ReviseRequest = ({ details: current, requestTimestamp }, at) => {
      const { body, raw, violations } = checked;
      const reading = new Reading();
      const { details } = raw;
      const revision = {
        ...(body.priority !== undefined && { priority: body.priority }),
        ...(body.assignee_team_id !== undefined && {
          assigneeTeamId: lower(textOrNull(body.assignee_team_id)),
        }),
        ...(body.expires_at !== undefined && {
          expiresAt: new Date(reading.instant(body.expires_at, '/expires_at')),
        }),
        ...(details !== undefined && {
          details: details === null ? {} : mergedDocument(current, reading.map(details, '/details')),
        }),
      };
      const told = [...violations, ...reading.violations];
      expectNone([...told, ...notYet(told, revisionMistakes(revision, requestTimestamp, at))]);
      return revision;
    };
    return { asked, reason: reasonOf(checked) };
  }

  /** @throws InvalidInput */
  async toAnswer(sent: unknown): Promise<Asked<SaidAnswer>> {
    const { body, violations } = await checkBody(RespondBody, sent);
    expectNone(violations);
    return { asked: toSaid(body), reason: body.change_reason ?? null };
  }

  /** Nothing is the next step. @throws InvalidInput */
  async toEscalation(sent: unknown): Promise<Asked<Escalation | null>> {
    const { body, violations } = await checkBody(EscalateBody, sent ?? {});
    expectNone(violations);
    const priority = body.priority ?? null;
    const assigneeTeamId = lower(body.assignee_team_id ?? null);
    const isNamed = priority !== null || assigneeTeamId !== null;
    return { asked: isNamed ? { priority, assigneeTeamId } : null, reason: body.change_reason ?? null };
  }

  #toNew(checked: CheckedBody<AnyNew>, storeId: string | null): NewSupervisorRequest {
    const { body, raw, violations } = checked;
    const { caller } = this.context.current;
    const reading = new Reading();
    if (storeId !== null && body.store_id !== undefined && body.store_id !== storeId)
      reading.note('contradiction', '/store_id', 'It is another store than the one of the path.');
    const content = toContent(raw, { reading, storeId: storeId ?? text(body.store_id) });
    const told = [...violations, ...reading.violations];
    expectNone([...told, ...notYet(told, contentMistakes(content))]);
    return {
      id: supervisorRequestId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      tenant: writeTenant(caller, body.tenant_id),
      requestedBy: caller.actor,
      content,
      reason: body.change_reason ?? null,
    };
  }
}

/** Where something is wrong already, nothing more can be said of it, or of what is inside. */
const notYet = (told: readonly Violation[], mistakes: readonly Violation[]): Violation[] =>
  mistakes.filter(({ pointer }) =>
    ancestorsOf(pointer)
      .filter((place) => place !== '')
      .every((place) => told.every((other) => other.pointer !== place)),
  );

interface ContentReading {
  readonly reading: Reading;
  readonly storeId: string;
}

/** What decorators have not found right is read as something harmless, so that the rest can be judged. */
function toContent(
  raw: Readonly<Record<string, unknown>>,
  { reading, storeId }: ContentReading,
): NewRequestContent {
  const { options, details, response_schema: schema, default_response: said, escalation } = raw;
  return {
    storeId,
    kind: raw['kind'] === 'approval' || raw['kind'] === 'alert' ? raw['kind'] : 'question',
    question: text(raw['question']),
    options: Array.isArray(options) && options.every(isText) ? options : null,
    responseSchema: readSchema(schema, reading),
    details: details === undefined || details === null ? {} : reading.map(details, '/details'),
    priority: number(raw['priority'], PRIORITY_DEFAULT),
    timeoutSeconds: number(raw['timeout_seconds'], TIMEOUT_SECONDS_DEFAULT),
    assigneeTeamId: lower(textOrNull(raw['assignee_team_id'])),
    onTimeout: readOnTimeout(raw['on_timeout'], said),
    defaultResponse: isMembers(said) ? toSaid(said as AnswerBody) : null,
    allowLateResponse: raw['allow_late_response'] === true,
    dedupeKey: textOrNull(raw['dedupe_key']),
    callbackUrl: textOrNull(raw['callback_url']),
    escalation: Array.isArray(escalation) ? escalation.map(toStep) : [],
  };
}

/** Of a word that is none, nothing is said about the default. */
function readOnTimeout(word: unknown, said: unknown): NewRequestContent['onTimeout'] {
  const known = ON_TIMEOUT.find((one) => one === (word ?? 'unresolved'));
  return known ?? (isMembers(said) ? 'default_response' : 'unresolved');
}

function readSchema(schema: unknown, reading: Reading): NewRequestContent['responseSchema'] {
  if (schema === undefined || schema === null) return null;
  if (typeof schema === 'boolean' || isMembers(schema)) return schema;
  reading.note('type', '/response_schema', 'It must be an object, true or false.');
  return null;
}

const toSaid = ({ text: said, decision, data }: AnswerBody): SaidAnswer => ({
  text: textOrNull(said),
  decision: DECISIONS.find((known) => known === decision) ?? null,
  data,
});

/** What is no step keeps the place of those after it. */
function toStep(sent: unknown): NewRequestContent['escalation'][number] {
  const step: Partial<EscalationStepBody> = isMembers(sent) ? sent : {};
  return {
    afterSeconds: number(step.after_seconds, 0),
    priority: typeof step.priority === 'number' ? step.priority : null,
    assigneeTeamId: lower(textOrNull(step.assignee_team_id)),
  };
}

const text = (value: unknown): string => (isText(value) ? value : '');
const textOrNull = (value: unknown): string | null => (isText(value) ? value : null);
const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
const isText = (value: unknown): value is string => typeof value === 'string';
const lower = (id: string | null): string | null => id?.toLowerCase() ?? null;
