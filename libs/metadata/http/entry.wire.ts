import { v7 as uuidv7 } from 'uuid';
import { InvalidInput, together } from '#shared-kernel';
import { JsonText, toInstantOrNull } from '#platform/http';
import type { NewEntry } from '../application/metadata.service.js';
import type { EntryView } from '../application/metadata.queries.js';
import { content, contentType, REDACTED } from '../domain/content.js';
import type { Content, ContentType, YamlSyntax } from '../domain/content.js';
import { DEFAULT_NAMESPACE, entryId, entryKey, namespace } from '../domain/identity.js';
import type { EntryRevision, EntryState } from '../domain/metadata-entry.js';
import { tags } from '../domain/tags.js';
import type { CreateEntryBody, EntryResponse, ReviseEntryBody } from './entry.dto.js';

/** From a body to what the service takes; the value objects check what the DTO cannot. @throws InvalidInput */
export function toNewEntry(body: CreateEntryBody, tenant: string | null, yaml: YamlSyntax): NewEntry {
  const { id, space, key, revision } = together({
    id: () => entryId(body.id ?? uuidv7()),
    space: () => (body.namespace === undefined ? DEFAULT_NAMESPACE : namespace(body.namespace)),
    key: () => entryKey(body.key),
    revision: () => toRevision({ ...body, key: undefined, namespace: undefined }, yaml, null),
  });
  if (!revision.content) throw InvalidInput.at('/value', 'required', 'It is required.');
  return {
    id,
    idIsGiven: body.id !== undefined,
    tenant,
    name: { namespace: space, key },
    definition: {
      content: revision.content,
      tags: revision.tags ?? [],
      description: revision.description ?? null,
      isEncrypted: revision.isEncrypted ?? false,
      isSecret: revision.isSecret ?? false,
      expiresAt: revision.expiresAt ?? null,
    },
    reason: body.change_reason ?? null,
  };
}

/** Absent stays absent. A new content type needs its value: the present one was checked as something else. @throws InvalidInput */
export function toRevision(body: ReviseEntryBody, yaml: YamlSyntax, current: Content | null): EntryRevision {
  return withoutAbsent(
    together({
      key: () => (body.key === undefined ? undefined : entryKey(body.key)),
      namespace: () => (body.namespace === undefined ? undefined : namespace(body.namespace)),
      content: () => contentOf(body, yaml, current),
      tags: () => (body.tags === undefined ? undefined : tags(body.tags)),
      description: () => body.description,
      isEncrypted: () => body.is_encrypted,
      isSecret: () => body.is_secret,
      expiresAt: () => toInstantOrNull(body.expires_at, '/expires_at'),
    }),
  );
}

/** @throws InvalidInput */
function contentOf(body: ReviseEntryBody, yaml: YamlSyntax, current: Content | null): Content | undefined {
  const type = body.content_type === undefined ? (current?.type ?? 'json') : contentType(body.content_type);
  if (body.value !== undefined) return content(type, textOf(body.value, type), yaml);
  if (current === null || type === current.type) return undefined;
  throw InvalidInput.at('/value', 'required', 'It is required with another content type.');
}

const withoutAbsent = <T extends object>(all: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as never;

/** The exact text of a value. JSON stays as it was written; of the others the string counts. @throws InvalidInput */
function textOf(value: unknown, type: ContentType): string {
  const exact = value instanceof JsonText ? value : JsonText.of(value);
  if (type === 'json') return exact.text;
  const text = exact.value();
  if (typeof text !== 'string') throw InvalidInput.at('/value', 'type', `A ${type} value is a string.`);
  return text;
}

/** As it is shown. */
export function toResponse(entry: EntryView): EntryResponse {
  return {
    id: entry.id,
    tenant_id: entry.tenant,
    version: entry.version,
    namespace: entry.namespace,
    key: entry.key,
    content_type: entry.contentType,
    value: valueOf(entry.contentType, entry.text),
    tags: entry.tags,
    description: entry.description,
    is_encrypted: entry.isEncrypted,
    is_secret: entry.isSecret,
    expires_at: entry.expiresAt?.toISOString() ?? null,
    created_at: entry.createdAt.toISOString(),
    updated_at: entry.updatedAt.toISOString(),
    created_by: entry.createdBy,
    updated_by: entry.updatedBy,
  };
}

/** What was just stored, as it is shown: a secret is not, even to whoever wrote it. */
export function toStoredResponse(state: EntryState): EntryResponse {
  const { stamp, definition, ...rest } = state;
  if (!stamp) throw new Error('Only what is stored can be shown.');
  const { content: value, ...more } = definition;
  return toResponse({
    ...rest,
    ...more,
    ...stamp,
    contentType: value.type,
    text: definition.isSecret ? null : value.text,
  });
}

export function valueOf(type: ContentType, text: string | null): unknown {
  if (text === null) return REDACTED;
  return type === 'json' ? JsonText.restore(text) : text;
}
