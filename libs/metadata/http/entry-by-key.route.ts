import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import { HotRoutes, noneMatchHits, stringifyExact } from '#platform/http';
import type { Recall } from '#platform/http';
import { HotEntries } from '../application/hot-entries.js';
import type { HotEntry } from '../application/hot-entries.js';
import { mediaTypeOf, REDACTED } from '../domain/content.js';
import { EntryNotFound } from '../domain/errors.js';
import { entryId, entryKey, namespace } from '../domain/identity.js';
import type { EntryName } from '../domain/metadata-entry.js';
import { MetadataQueries } from '../application/metadata.queries.js';
import type { EntryView, Showing } from '../application/metadata.queries.js';
import { Reveal } from './reveal.js';
import { toResponse } from './entry.wire.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPES = new Set(['yaml', 'text']);

interface KeyQuery {
  readonly namespace?: string;
  readonly tenant_id?: string;
  readonly reveal?: 'true' | 'false';
}

const PARAMS = {
  type: 'object',
  properties: {
    key: {
      type: 'string',
      description: 'The key of the entry.',
      minLength: 1,
      maxLength: 255,
      pattern: '^[A-Za-z][A-Za-z0-9._-]*$',
    },
  },
  required: ['key'],
};
const QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    namespace: {
      type: 'string',
      description: 'The namespace of the entry.',
      minLength: 1,
      maxLength: 255,
      pattern: '^[A-Za-z][A-Za-z0-9._-]*$',
      default: 'default',
    },
    tenant_id: {
      type: 'string',
      maxLength: 63,
      description:
        'The tenant to look for; its own entry comes before the shared one. Absent: the one of the credential, else the shared entry.',
    },
    reveal: {
      type: 'string',
      enum: ['true', 'false'],
      description: 'Show the value of a secret; needs secrets:read, and is written down.',
    },
  },
};

/**
 * The hot read: an entry by its key, from memory. The bytes of the answer are made once for each version and kept as
 * long as the entry is; what is encrypted is opened each time and kept nowhere.
 */
@Injectable()
export class EntryByKeyRoute implements OnModuleInit {
  readonly #bodies = new WeakMap<HotEntry, { readonly text: string; readonly bytes: number }>();

  constructor(
    private readonly routes: HotRoutes,
    private readonly entries: HotEntries,
    private readonly queries: MetadataQueries,
    private readonly context: CallContext,
    private readonly reveal: Reveal,
  ) {}

  onModuleInit(): void {
    const common = {
      method: 'GET',
      allow: 'metadata:read',
      tag: 'Metadata',
      params: PARAMS,
      query: QUERY,
      refuses: [304, 404],
    } as const;
    this.routes.add({
      ...common,
      url: '/api/v1/metadata/key/:key',
      name: 'getMetadataEntryByKey',
      summary: 'Get an entry by its key',
      description: 'The tenant’s own entry, else the shared one. Answered from memory.',
      returns: { schema: 'EntryResponse' },
      handle: (request, reply) => this.#answer(request, reply),
      recall: (request) => this.#recall(request),
    });
    this.routes.add({
      ...common,
      url: '/api/v1/metadata/key/:key/raw',
      name: 'getMetadataValueByKey',
      summary: 'Get the bytes of a value by its key',
      description: 'With the media type of its content type; nothing around it.',
      returns: { mediaType: '*/*' },
      handle: (request, reply) => this.#answerRaw(request, reply),
    });
  }

  /** Without a promise when the entry and its bytes are in memory. */
  #answer(request: FastifyRequest, reply: FastifyReply): string | Promise<string> {
    const found = this.#find(request);
    if (found instanceof Promise) return found.then((entry) => this.#answerWith(entry, request, reply));
    return this.#answerWith(found, request, reply);
  }

  #answerWith(
    found: HotEntry | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): string | Promise<string> {
    const entry = this.#describe(found, reply);
    const kept = this.#asksReveal(request) ? undefined : this.#bodies.get(entry);
    if (kept !== undefined) return this.#respond(request, reply, kept.text);
    return this.#bodyOf(entry, request, reply).then((body) => this.#respond(request, reply, body));
  }

  async #bodyOf(entry: HotEntry, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    if (this.#asksReveal(request)) {
      return stringifyExact(toResponse(await this.#revealed(request, reply, entry)));
    }
    const body = stringifyExact(toResponse(await this.entries.viewOf(entry)));
    if (entry.isKeepable) this.#bodies.set(entry, { text: body, bytes: Buffer.byteLength(body) });
    return body;
  }

  /** The same question again: only an entry in memory whose bytes are made. */
  #recall(request: FastifyRequest): Recall | null {
    if (this.#asksReveal(request)) return null;
    const { name, tenant_id } = questionOf(request);
    return (caller, headers) => {
      if (this.entries.mayBeOld) return null;
      const entry = this.entries.peek(readTenant(caller, tenant_id), name);
      const body = entry && this.#bodies.get(entry);
      if (!body) return null;
      const etag = `"${entry.version}"`;
      return {
        etag,
        contentType: JSON_TYPE,
        body: body.text,
        bytes: body.bytes,
        isKnown: noneMatchHits(headers['if-none-match'], etag),
      };
    };
  }

  async #answerRaw(request: FastifyRequest, reply: FastifyReply): Promise<Buffer | string> {
    const entry = this.#describe(await this.#find(request), reply);
    const view = this.#asksReveal(request)
      ? await this.#revealed(request, reply, entry)
      : await this.entries.viewOf(entry);
    const { contentType } = view;
    if (this.#isUnchanged(request, reply)) return '';
    reply.type(
      TEXT_TYPES.has(contentType) ? `${mediaTypeOf(contentType)}; charset=utf-8` : mediaTypeOf(contentType),
    );
    if (view.text === null) {
      reply.type('text/plain; charset=utf-8');
      return REDACTED;
    }
    return Buffer.from(view.text, contentType === 'binary' ? 'base64' : 'utf8');
  }

  /** @throws TenantForbidden */
  #find(request: FastifyRequest): ReturnType<HotEntries['find']> {
    const { name, tenant_id } = questionOf(request);
    return this.entries.find(readTenant(request.call.caller, tenant_id), name);
  }

  /** @throws EntryNotFound */
  #describe(entry: HotEntry | null, reply: FastifyReply): HotEntry {
    if (!entry) throw new EntryNotFound();
    reply.header('ETag', `"${entry.version}"`);
    if (this.entries.mayBeOld) reply.header('X-Metastore-Stale', 'true');
    return entry;
  }

  #respond(request: FastifyRequest, reply: FastifyReply, body: string): string {
    if (this.#isUnchanged(request, reply)) return '';
    reply.header('Content-Type', JSON_TYPE);
    return body;
  }

  #isUnchanged(request: FastifyRequest, reply: FastifyReply): boolean {
    const header = request.headers['if-none-match'];
    if (header === undefined || !noneMatchHits(header, String(reply.getHeader('etag')))) return false;
    reply.code(304);
    return true;
  }

  #asksReveal(request: FastifyRequest): boolean {
    return (request.query as KeyQuery).reveal === 'true';
  }

  /** Not hot and not from memory: that it was looked at has to be written down. @throws PermissionDenied */
  #revealed(request: FastifyRequest, reply: FastifyReply, entry: HotEntry): Promise<EntryView> {
    return this.context.run(request.call, () => {
      const showing: Showing = this.reveal.showing(true, reply);
      return this.queries.get(entryId(entry.id), showing);
    });
  }
}

/** What a request asks for. @throws InvalidInput */
function questionOf(request: FastifyRequest): { name: EntryName; tenant_id: string | undefined } {
  const { key } = request.params as { key: string };
  const query = request.query as KeyQuery;
  return {
    name: { namespace: namespace(query.namespace ?? 'default'), key: entryKey(key) },
    tenant_id: query.tenant_id,
  };
}
