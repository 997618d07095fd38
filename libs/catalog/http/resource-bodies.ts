import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { changedLabels, checkBody, expectNone, Reading, reasonOf } from '#platform/http';
import type { AskedChange, Manner } from '#platform/http';
import type { Violation } from '#shared-kernel';
import type { NewResource, ReviseResource } from '../application/resource.service.js';
import { isEndpointName } from '../domain/endpoint.js';
import type { Endpoint } from '../domain/endpoint.js';
import type { HealthReport } from '../domain/health.js';
import { resourceId } from '../domain/identity.js';
import type { TeamId } from '../domain/identity.js';
import { contentMistakes, USUAL_CONTENT } from '../domain/resource-content.js';
import type { ResourceContent } from '../domain/resource.js';
import { PutEndpointBody, ReportHealthBody } from './endpoint.dto.js';
import { changedAnnotations, readEndpoints, readLinks, untold } from './resource-parts.js';
import { CreateResourceBody, ReviseResourceBody } from './resource.dto.js';

type Members = Readonly<Record<string, unknown>>;

/** From bodies of resources to what the service takes; everything that is wrong is told together. */
@Injectable()
export class ResourceBodies {
  /** @throws InvalidInput */
  async toNew(sent: unknown): Promise<NewResource> {
    const { body, raw, violations } = await checkBody(CreateResourceBody, sent);
    const start: ResourceContent = { ...USUAL_CONTENT, name: body.name, type: body.type };
    const content = contentOf(start, { body, raw, violations }, 'replace');
    return {
      id: resourceId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      home: { companyId: body.company_id?.toLowerCase(), tenant: body.tenant_id },
      content,
      reason: body.change_reason ?? null,
    };
  }

  /** A body that cannot be read is told once the resource is there. */
  async toRevision(sent: unknown, manner: Manner): Promise<AskedChange<ReviseResource>> {
    const checked = await checkBody(ReviseResourceBody, sent);
    return { asked: (current) => contentOf(current, checked, manner), reason: reasonOf(checked) };
  }

  /** @throws InvalidInput */
  async toEndpoint(name: string, sent: unknown): Promise<AskedChange<Endpoint>> {
    const checked = await checkBody(PutEndpointBody, sent);
    const { url = null, host = null, port = null, protocol = null, visibility = 'internal' } = checked.body;
    expectNone([...nameMistakes(name), ...checked.violations]);
    return { asked: { name, url, host, port, protocol, visibility }, reason: reasonOf(checked) };
  }

  /** @throws InvalidInput */
  async toReport(name: string, sent: unknown): Promise<HealthReport> {
    const { body, violations } = await checkBody(ReportHealthBody, sent);
    expectNone([...nameMistakes(name), ...violations]);
    return { status: body.status, output: body.output ?? '', ttlSeconds: body.ttl_seconds ?? null };
  }
}

/** @throws InvalidInput with everything that is wrong with the body, and with what would come of it */
function contentOf<Content extends ResourceContent>(
  current: Content,
  { body, raw, violations }: { body: ReviseResourceBody; raw: Members; violations: readonly Violation[] },
  manner: Manner,
): ResourceContent {
  const reading = new Reading();
  const content = { ...said(current, body), ...parts(current, raw, manner, reading) };
  const told = [...violations, ...reading.violations];
  if (told.length > 0) expectNone([...told, ...untold(contentMistakes(harmless(content)), told)]);
  return content;
}

/** What decorators have checked; absent stays as it is. */
function said(current: ResourceContent, body: ReviseResourceBody): Omit<ResourceContent, keyof Parts> {
  const or = <T>(value: T | undefined, otherwise: T): T => (value === undefined ? otherwise : value);
  return {
    namespace: or(body.namespace, current.namespace),
    name: or(body.name, current.name),
    type: or(body.type, current.type),
    environment: or(body.environment, current.environment),
    lifecycleStatus: or(body.lifecycle_status, current.lifecycleStatus),
    description: or(body.description, current.description),
    ownerTeamId: teamOf(or(body.owner_team_id, current.ownerTeamId)),
    ttlSeconds: or(body.ttl_seconds, current.ttlSeconds),
  };
}

type Parts = Pick<ResourceContent, 'labels' | 'annotations' | 'links' | 'endpoints'>;

/** What only reading can check; absent stays as it is. */
function parts(current: ResourceContent, raw: Members, manner: Manner, reading: Reading): Parts {
  const { labels, annotations, links, endpoints } = raw;
  return {
    labels: labels === undefined ? current.labels : changedLabels(current.labels, labels, manner, reading),
    annotations:
      annotations === undefined
        ? current.annotations
        : changedAnnotations(current.annotations, annotations, manner, reading),
    links: links === undefined ? current.links : readLinks(links, reading),
    endpoints: endpoints === undefined ? current.endpoints : readEndpoints(endpoints, reading),
  };
}

const teamOf = (id: string | null): TeamId | null =>
  (typeof id === 'string' ? id.toLowerCase() : id) as TeamId | null;

/** What the decorators refused may be of any type: for looking at the rest it is as if nothing had been said. */
function harmless(content: ResourceContent): ResourceContent {
  const text = (value: unknown): string => (typeof value === 'string' ? value : 'x');
  const { environment, description, ttlSeconds } = content;
  return {
    ...content,
    namespace: text(content.namespace),
    name: text(content.name),
    type: text(content.type),
    environment: typeof environment === 'string' ? environment : null,
    description: typeof description === 'string' ? description : null,
    ttlSeconds: typeof ttlSeconds === 'number' ? ttlSeconds : null,
  };
}

function nameMistakes(name: string): Violation[] {
  const detail =
    'The name of an endpoint has at most 63 of letters, digits, - _ . with a letter or digit at both ends.';
  return isEndpointName(name) ? [] : [{ pointer: '/name', code: 'pattern', detail }];
}
