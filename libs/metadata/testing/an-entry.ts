import { randomUUID } from 'node:crypto';
import { entryId, entryKey, namespace } from '../domain/identity.js';
import type { EntryId } from '../domain/identity.js';
import { MetadataEntry } from '../domain/metadata-entry.js';
import type { EntryDefinition, EntryName, EntryState } from '../domain/metadata-entry.js';

/** An id that nothing has. */
export const anId = (): EntryId => entryId(randomUUID());

/** A name that nothing has. */
export const aName = (name: Partial<EntryName> = {}): EntryName => ({
  namespace: namespace('production'),
  key: entryKey(`app.${randomUUID()}`),
  ...name,
});

/** A definition with unremarkable values: a test names only what it is about. */
export const aDefinition = (definition: Partial<EntryDefinition> = {}): EntryDefinition => ({
  content: { type: 'json', text: '10' },
  tags: ['database'],
  description: 'Connections of the pool',
  isEncrypted: false,
  isSecret: false,
  expiresAt: null,
  ...definition,
});

/** A stored entry with unremarkable values. */
export const anEntry = (state: Partial<EntryState> = {}): MetadataEntry =>
  MetadataEntry.restore({
    id: anId(),
    tenant: null,
    version: 1,
    stamp: {
      createdAt: new Date('2026-01-01T00:00:00.000Z'),
      createdBy: 'ada',
      updatedAt: new Date('2026-01-01T00:00:00.000Z'),
      updatedBy: 'ada',
    },
    ...aName(),
    definition: aDefinition(),
    ...state,
  });

/** An entry that was never stored. */
export const aNewEntry = (state: Partial<Omit<EntryState, 'version' | 'stamp'>> = {}): MetadataEntry => {
  const { id = anId(), tenant = null, definition = aDefinition(), ...name } = state;
  return MetadataEntry.create({ id, tenant }, aName(name), definition);
};
