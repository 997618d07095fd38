import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { FlagInput } from '#flag-evaluator';
import { readTenant } from '#platform/context';
import { HotRoutes, noneMatchHits } from '#platform/http';
import { LiveFlagSets } from '../application/live-flag-sets.js';
import { SNAPSHOT_FORMAT } from './snapshot.dto.js';
import type { SnapshotLayer, SnapshotResponse } from './snapshot.dto.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const NOT_MODIFIED = 304;
const CHARACTERS_MAX = 64 * 1024 * 1024;
const ETAG_LENGTH = 22;

const QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    environment: {
      type: 'string',
      minLength: 1,
      maxLength: 63,
      description: 'Leaves out the overrides of all other environments.',
    },
    tenant_id: {
      type: 'string',
      maxLength: 63,
      description:
        'Adds the flags of the tenant, and leaves out the overrides of all others. Absent: the tenant of the credential, else the shared flags with the overrides of every tenant.',
    },
  },
};

/** For whom a document is made. */
interface Reader {
  readonly tenant: string | null;
  readonly environment: string | null;
}

interface Document {
  readonly etag: string;
  readonly text: string;
}

/**
 * Everything that is needed to evaluate in another process, or in a browser. A document is made once for each change and
 * reader, and only when it is asked for.
 */
@Injectable()
export class SnapshotRoute implements OnModuleInit {
  readonly #documents = new LRUCache<string, Document>({
    maxSize: CHARACTERS_MAX,
    sizeCalculation: ({ text }) => text.length,
  });

  constructor(
    private readonly routes: HotRoutes,
    private readonly sets: LiveFlagSets,
  ) {}

  onModuleInit(): void {
    this.routes.add({
      method: 'GET',
      allow: 'flags:evaluate',
      tag: 'Feature flags',
      url: '/api/v1/feature-flags/snapshot',
      name: 'getFlagSnapshot',
      summary: 'Get all flags and segments, to evaluate them locally',
      description:
        'Compile `shared` with `compileFlagSet` of the evaluator, and `own` over it. Archived flags are left out.',
      query: QUERY,
      returns: { schema: 'SnapshotResponse' },
      refuses: [NOT_MODIFIED],
      handle: (request, reply) => this.#answer(request, reply),
    });
  }

  /** @throws TenantForbidden, InvalidInput */
  #answer(request: FastifyRequest, reply: FastifyReply): string | Promise<string> {
    const { tenant_id, environment = null } = request.query as { tenant_id?: string; environment?: string };
    const reader = { tenant: readTenant(request.call.caller, tenant_id), environment };
    if (this.sets.stateOf(reader.tenant) !== undefined) return this.#give(reader, request, reply);
    return this.sets.load(reader.tenant).then(() => this.#give(reader, request, reply));
  }

  #give(reader: Reader, request: FastifyRequest, reply: FastifyReply): string {
    const etag = etagOf(reader, this.sets.stateOf(reader.tenant) ?? '');
    reply.header('ETag', etag);
    if (this.sets.mayBeOld) reply.header('X-Metastore-Stale', 'true');
    if (noneMatchHits(request.headers['if-none-match'], etag)) {
      reply.code(NOT_MODIFIED);
      return '';
    }
    reply.header('Content-Type', JSON_TYPE);
    return this.#textFor(reader, etag);
  }

  #textFor(reader: Reader, etag: string): string {
    const key = `${reader.tenant ?? ''}\n${reader.environment ?? ''}`;
    const kept = this.#documents.get(key);
    if (kept?.etag === etag) return kept.text;
    const text = JSON.stringify(this.#document(reader));
    this.#documents.set(key, { etag, text });
    return text;
  }

  #document(reader: Reader): SnapshotResponse {
    const content = this.sets.contentOf(reader.tenant);
    if (!content) throw new Error('The flags were loaded and are not there.');
    return {
      format: SNAPSHOT_FORMAT,
      tenant_id: reader.tenant,
      environment: reader.environment,
      shared: forReader(content.shared, reader),
      own: forReader(content.own, reader),
    };
  }
}

/** Alike on all replicas, as the state is. */
function etagOf({ tenant, environment }: Reader, state: string): string {
  const facts = JSON.stringify([SNAPSHOT_FORMAT, tenant, environment, state]);
  return `"${createHash('sha256').update(facts).digest('base64url').slice(0, ETAG_LENGTH)}"`;
}

const forReader = ({ flags, segments }: SnapshotLayer, reader: Reader): SnapshotLayer => ({
  flags: flags.map((flag) => flagForReader(flag, reader)),
  segments,
});

/** A tenant is not told what others get. */
function flagForReader(flag: FlagInput, { tenant, environment }: Reader): FlagInput {
  if (tenant === null && environment === null) return flag;
  const { tenantOverrides, environmentOverrides } = flag.definition;
  return {
    ...flag,
    definition: {
      ...flag.definition,
      tenantOverrides: onlyOf(tenantOverrides, tenant),
      environmentOverrides: onlyOf(environmentOverrides, environment),
    },
  };
}

function onlyOf<T>(overrides: Readonly<Record<string, T>>, name: string | null): Readonly<Record<string, T>> {
  if (name === null) return overrides;
  return Object.fromEntries(Object.entries(overrides).filter(([each]) => each === name));
}
