import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DiscoveryQueries } from '../application/discovery.queries.js';
import type { DiscoveredEndpoint, DiscoveryQuestion } from '../application/discovery.queries.js';
import type { DiscoveredItem, DiscoveryResponse } from './discovery.dto.js';

const TAG_LENGTH = 22;

/** An answer as it is sent. */
export interface DiscoveryAnswer {
  readonly text: string;
  /** A hash of the text: alike on all replicas. */
  readonly etag: string;
  readonly holdsForMs: number | null;
}

/** Answers to questions, in the words of the wire. */
@Injectable()
export class DiscoveryAnswers {
  constructor(private readonly queries: DiscoveryQueries) {}

  async get(question: DiscoveryQuestion): Promise<DiscoveryAnswer> {
    const { items, isTruncated, holdsForMs } = await this.queries.find(question);
    const response: DiscoveryResponse = {
      name: question.name,
      items: items.map(toItem),
      truncated: isTruncated,
    };
    const text = JSON.stringify(response);
    const hash = createHash('sha256').update(text).digest('base64url').slice(0, TAG_LENGTH);
    return { text, etag: `"${hash}"`, holdsForMs };
  }
}

const toItem = ({ resource, endpoint, health }: DiscoveredEndpoint): DiscoveredItem => ({
  resource_id: resource.id,
  company_id: resource.companyId,
  namespace: resource.namespace,
  type: resource.type,
  environment: resource.environment,
  lifecycle_status: resource.lifecycleStatus,
  name: endpoint.name,
  url: endpoint.url,
  host: endpoint.host,
  port: endpoint.port,
  protocol: endpoint.protocol,
  visibility: endpoint.visibility,
  labels: resource.labels,
  health,
});
