import { Injectable } from '@nestjs/common';
import type { Mapping } from '#platform/change-log';
import { tenantColumn, tenantFromColumn } from '#platform/context';
import { Envelope } from '#platform/crypto';
import type { SealedPlace } from '#platform/crypto';
import { foldCase } from '#platform/database';
import type { EntryView, Showing } from '../application/metadata.queries.js';
import type { EntryId, EntryKey, Namespace } from '../domain/identity.js';
import type { EntryDefinition, EntryState } from '../domain/metadata-entry.js';
import { EntryTable } from './entry.table.js';
import type { EntryRecord, EntryRow, WrittenEntryRow } from './entry.table.js';

export const ENTRY_TYPE = 'metadata.entry';

/** What an entry is called in events and caches. No namespace has a slash. */
export const subjectOf = ({ namespace, key }: { namespace: string; key: string }): string =>
  `${namespace}/${key}`;

/** Parted by a line break, so that nothing is found across the two that is in neither. */
const searchTextOf = (key: string, description: string | null): string =>
  foldCase(`${key}\n${description ?? ''}`);

/** Between what is stored and what is worked with: seals on the way in, opens on the way out. */
@Injectable()
export class EntryCodec {
  readonly mapping: Mapping<EntryState, WrittenEntryRow> = {
    table: EntryTable,
    hidden: ['searchText'],
    aggregateType: ENTRY_TYPE,
    subject: subjectOf,
    toRow: async ({ definition, ...state }, version) => {
      const { content, tags, ...rest } = definition;
      const place = placeOf({
        ...state,
        tenant: tenantColumn(state.tenant),
        version,
        contentType: content.type,
      });
      const value = rest.isEncrypted ? await this.envelope.seal(content.text, place) : content.text;
      return {
        ...rest,
        namespace: state.namespace,
        key: state.key,
        contentType: content.type,
        value,
        tags: [...tags],
        searchText: searchTextOf(state.key, rest.description),
      };
    },
  };

  constructor(private readonly envelope: Envelope) {}

  /** What was checked on its way in is trusted on its way out. */
  async toState(row: EntryRow): Promise<EntryState> {
    const { id, tenant, version, namespace, key, createdAt, createdBy, updatedAt, updatedBy } = row;
    const text = row.isEncrypted ? await this.#open(row.value, placeOf(row)) : row.value;
    return {
      id: id as EntryId,
      tenant: tenantFromColumn(tenant),
      version,
      namespace: namespace as Namespace,
      key: key as EntryKey,
      stamp: { createdAt, createdBy, updatedAt, updatedBy },
      definition: definitionOf(row, text),
    };
  }

  /** A row as the change log kept it. */
  async toDefinition(record: EntryRecord): Promise<EntryDefinition> {
    return definitionOf(toRow(record), await this.#textOf(record));
  }

  /** As it is shown; what is not shown is not even opened. */
  async toView(record: EntryRecord, showing: Showing): Promise<EntryView> {
    const { value: _, tenant, ...row } = toRow(record);
    const isShown = !record.is_secret || showing === 'revealed';
    return { ...row, tenant: tenantFromColumn(tenant), text: isShown ? await this.#textOf(record) : null };
  }

  async #textOf(record: EntryRecord): Promise<string> {
    return record.is_encrypted ? this.#open(record.value, placeOf(toRow(record))) : record.value;
  }

  async #open(sealed: string, place: SealedPlace): Promise<string> {
    return (await this.envelope.open(sealed, place)).toString();
  }
}

const placeOf = ({
  tenant,
  id,
  version,
  contentType,
}: Pick<EntryRow, 'tenant' | 'id' | 'version' | 'contentType'>): SealedPlace => ({
  tenant,
  entry: id,
  version,
  contentType,
});

function definitionOf(row: EntryRow, text: string): EntryDefinition {
  const { contentType, tags, description, isEncrypted, isSecret, expiresAt } = row;
  return { content: { type: contentType, text }, tags, description, isEncrypted, isSecret, expiresAt };
}

function toRow(record: EntryRecord): EntryRow {
  const {
    content_type,
    is_encrypted,
    is_secret,
    expires_at,
    created_at,
    created_by,
    updated_at,
    updated_by,
    ...same
  } = record;
  return {
    ...same,
    contentType: content_type,
    isEncrypted: is_encrypted,
    isSecret: is_secret,
    expiresAt: expires_at === null ? null : new Date(expires_at),
    createdAt: new Date(created_at),
    createdBy: created_by,
    updatedAt: new Date(updated_at),
    updatedBy: updated_by,
  };
}
