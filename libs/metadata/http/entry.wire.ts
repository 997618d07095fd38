import { v7 as uuidv7 } from 'uuid';
import { InvalidInput } from '#shared-kernel';
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
  const revision = toRevision(body, yaml, null);
  if (!revision.content) throw InvalidInput.at('/value', 'required', 'It is required.');
  return {
    id: entryId(body.id ?? uuidv7()),
    idIsGiven: body.id !== undefined,
    tenant,
    name: {
      namespace: body.namespace === undefined ? DEFAULT_NAMESPACE : namespace(body.namespace),
      key: entryKey(body.key),
    },
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
  const type = body.content_type === undefined ? (current?.type ?? 'json') : contentType(body.content_type);
  if (body.value === undefined && current && type !== current.type) {
    throw InvalidInput.at('/value', 'required', 'It is required with another content type.');
  }
  const value = body.value === undefined ? undefined : textOf(body.value, type);
  return {
    ...(body.key !== undefined && { key: entryKey(body.key) }),
    ...(body.namespace !== undefined && { namespace: namespace(body.namespace) }),
    ...(value !== undefined && { content: content(type, value, yaml) }),
    ...(body.tags !== undefined && { tags: tags(body.tags) }),
    ...(body.description !== undefined && { description: body.description }),
    ...(body.is_encrypted !== undefined && { isEncrypted: body.is_encrypted }),
    ...(body.is_secret !== undefined && { isSecret: body.is_secret }),
    ...(body.expires_at !== undefined && { expiresAt: toInstantOrNull(body.expires_at, '/expires_at') }),
  };
}

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
