import { AggregateRoot, InvalidInput, lengthOf } from '#shared-kernel';
import type { Stamp } from '#shared-kernel';
import { isRedacted, sameContent } from './content.js';
import type { Content } from './content.js';
import type { EntryId, EntryKey, Namespace } from './identity.js';
import { sameTags } from './tags.js';
import type { Tags } from './tags.js';

/** The part of an entry that has a history and can be rolled back. */
export interface EntryDefinition {
  readonly content: Content;
  readonly tags: Tags;
  readonly description: string | null;
  /** The value is encrypted where it is stored, in the history too. */
  readonly isEncrypted: boolean;
  /** The value is shown only to whoever may see secrets and asks for it. A secret is always encrypted. */
  readonly isSecret: boolean;
  /** From this instant on the entry is not there any more. */
  readonly expiresAt: Date | null;
}

/** What an entry is found by. */
export interface EntryName {
  readonly namespace: Namespace;
  readonly key: EntryKey;
}

/** Everything there is to know about an entry: what is stored, and what a test builds. */
export interface EntryState extends EntryName {
  readonly id: EntryId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  readonly definition: EntryDefinition;
}

/** What is to change; absent leaves as it is. */
export type EntryRevision = Partial<EntryName & EntryDefinition>;

const DESCRIPTION_LENGTH_MAX = 1_000;

/** A small fact that other services look up by key: a value with a namespace, tags and a history. */
export class MetadataEntry extends AggregateRoot<EntryState> {
  /** @throws InvalidInput */
  static create(
    identity: { readonly id: EntryId; readonly tenant: string | null },
    name: EntryName,
    definition: EntryDefinition,
    reason: string | null = null,
  ): MetadataEntry {
    if (isRedacted(definition.content)) throw redactedValue();
    const entry = new MetadataEntry({
      ...identity,
      ...name,
      version: 0,
      stamp: null,
      definition: checked(definition),
    });
    entry.record('created', { reason });
    return entry;
  }

  /** Rebuilds a stored entry; for repositories and tests alone. */
  static restore(state: EntryState): MetadataEntry {
    return new MetadataEntry(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise({ namespace, key, ...definition }: EntryRevision, reason: string | null = null): void {
    const next: EntryState = {
      ...this.state,
      namespace: namespace ?? this.state.namespace,
      key: key ?? this.state.key,
      definition: checked({
        ...this.state.definition,
        ...definition,
        ...(definition.content && { content: this.#valueFor(definition.content) }),
      }),
    };
    this.#keepSecret(next.definition);
    const renamed = next.namespace !== this.state.namespace || next.key !== this.state.key;
    if (!renamed && sameDefinition(next.definition, this.state.definition)) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /** A secret that comes back as it was shown stays what it is. */
  #valueFor(content: Content): Content {
    if (!isRedacted(content)) return content;
    const { isSecret, content: kept } = this.state.definition;
    if (!isSecret || kept.type !== content.type) throw redactedValue();
    return kept;
  }

  /** Whoever may write but not read secrets must not get at one by declaring it none. */
  #keepSecret(next: EntryDefinition): void {
    const { isSecret, content } = this.state.definition;
    if (isSecret && !next.isSecret && next.content.text === content.text) {
      throw InvalidInput.at(
        '/is_secret',
        'secret',
        'A secret that is to be none any more needs a new value.',
      );
    }
  }

  /** Going back is going forward: an old definition becomes the newest version. Key and namespace stay. */
  revertTo(past: EntryDefinition, version: number, reason: string | null = null): void {
    this.state = { ...this.state, definition: past };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null = null): void {
    this.record('deleted', { reason, removes: true });
  }

  /** Takes it away because its time is over. Gives false when it is not. */
  expire(now: Date): boolean {
    if (!isExpired(this.state.definition, now)) return false;
    this.record('expired', { removes: true });
    return true;
  }
}

/** True from the instant of expiry on. */
export function isExpired({ expiresAt }: Pick<EntryDefinition, 'expiresAt'>, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** True when nobody could tell the two apart. */
export function sameDefinition(a: EntryDefinition, b: EntryDefinition): boolean {
  return (
    sameContent(a.content, b.content) &&
    sameTags(a.tags, b.tags) &&
    a.description === b.description &&
    a.isEncrypted === b.isEncrypted &&
    a.isSecret === b.isSecret &&
    a.expiresAt?.getTime() === b.expiresAt?.getTime()
  );
}

const redactedValue = (): InvalidInput =>
  InvalidInput.at('/value', 'redacted', 'This stands in place of a secret: send the value itself.');

function checked(definition: EntryDefinition): EntryDefinition {
  const { description, isSecret, isEncrypted } = definition;
  if (description !== null && lengthOf(description) > DESCRIPTION_LENGTH_MAX) {
    throw InvalidInput.at(
      '/description',
      'too_long',
      `A description has at most ${DESCRIPTION_LENGTH_MAX} characters.`,
    );
  }
  return { ...definition, isEncrypted: isEncrypted || isSecret };
}
