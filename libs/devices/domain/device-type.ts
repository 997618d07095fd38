import { AggregateRoot, InvalidInput, lengthOf, sameJson } from '#shared-kernel';
import type { Brand, Stamp, Violation } from '#shared-kernel';
import type { JsonObject } from './documents.js';
import type { DeviceTypeId } from './identity.js';

/** What devices name their type by, for example `smart_light`. Fixed for life. */
export type DeviceTypeKey = Brand<string, 'DeviceTypeKey'>;

export const TYPE_KEY = /^[a-z][a-z0-9_]{0,62}$/;
export const TYPE_KEY_LENGTH_MAX = 63;
export const TYPE_NAME_LENGTH_MAX = 255;
export const STATUS_VALUES_MAX = 100;
export const STATUS_VALUE_LENGTH_MAX = 63;

/** A JSON Schema: an object, or one of the two that say everything. */
export type Schema = JsonObject | boolean;

/** @throws InvalidInput */
export function deviceTypeKey(text: string, pointer = '/key'): DeviceTypeKey {
  if (TYPE_KEY.test(text)) return text as DeviceTypeKey;
  const detail = 'It has 1 to 63 of a-z 0-9 _ and begins with a letter.';
  throw InvalidInput.at(pointer, 'pattern', detail);
}

/** The part of a device type that has a history and can be rolled back. */
export interface DeviceTypeContent {
  readonly name: string;
  /** What a status may be; empty: anything. */
  readonly statusValues: readonly string[];
  /** What attributes of its devices satisfy. */
  readonly attributesSchema: Schema | null;
  /** What the data of a reported status satisfy. */
  readonly statusDataSchema: Schema | null;
}

/** Everything there is to know about a device type. */
export interface DeviceTypeState extends DeviceTypeContent {
  readonly id: DeviceTypeId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  readonly key: DeviceTypeKey;
}

/** What is to change; absent leaves as it is. */
export type DeviceTypeRevision = Partial<DeviceTypeContent>;

/** What devices of a kind have in common. */
export class DeviceType extends AggregateRoot<DeviceTypeState> {
  /** @throws InvalidInput */
  static create(
    identity: Pick<DeviceTypeState, 'id' | 'tenant' | 'key'>,
    content: DeviceTypeContent,
    reason: string | null = null,
  ): DeviceType {
    const type = new DeviceType({ ...identity, ...checked(content), version: 0, stamp: null });
    type.record('created', { reason });
    return type;
  }

  /** Rebuilds a stored device type; for repositories and tests alone. */
  static restore(state: DeviceTypeState): DeviceType {
    return new DeviceType(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: DeviceTypeRevision, reason: string | null): void {
    const next = { ...this.state, ...revision };
    checked(next);
    if (sameType(next, this.state)) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. */
  revertTo(past: DeviceTypeContent, version: number, reason: string | null): void {
    this.state = { ...this.state, ...past };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}

const contentOf = (content: DeviceTypeContent): DeviceTypeContent => ({
  name: content.name,
  statusValues: content.statusValues,
  attributesSchema: content.attributesSchema,
  statusDataSchema: content.statusDataSchema,
});

/** True when both say the same of a type. */
export const sameType = (a: DeviceTypeContent, b: DeviceTypeContent): boolean =>
  sameJson(contentOf(a), contentOf(b));

/** @throws InvalidInput */
function checked(content: DeviceTypeContent): DeviceTypeContent {
  const violations = contentMistakes(content);
  if (violations.length > 0) throw new InvalidInput(violations);
  return content;
}

function contentMistakes({ name, statusValues }: DeviceTypeContent): Violation[] {
  const violations: Violation[] = [];
  if (name === '' || lengthOf(name) > TYPE_NAME_LENGTH_MAX) {
    const detail = `It must have 1 to ${TYPE_NAME_LENGTH_MAX} characters.`;
    violations.push({ pointer: '/name', code: name === '' ? 'too_short' : 'too_long', detail });
  }
  if (statusValues.length > STATUS_VALUES_MAX) {
    const detail = `It must have at most ${STATUS_VALUES_MAX} items.`;
    violations.push({ pointer: '/status_values', code: 'too_many', detail });
  }
  const seen = new Set<string>();
  for (const [index, value] of statusValues.entries()) {
    const pointer = `/status_values/${index}`;
    if (value === '' || lengthOf(value) > STATUS_VALUE_LENGTH_MAX) {
      const detail = `It must have 1 to ${STATUS_VALUE_LENGTH_MAX} characters.`;
      violations.push({ pointer, code: value === '' ? 'too_short' : 'too_long', detail });
    }
    if (seen.has(value)) violations.push({ pointer, code: 'duplicate', detail: 'It is said twice.' });
    seen.add(value);
  }
  return violations;
}
