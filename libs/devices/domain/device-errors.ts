import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';

export class DeviceNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'device_not_found';
  constructor() {
    super('There is no such device.');
  }
}

export class DeviceTypeNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'device_type_not_found';
  constructor() {
    super('There is no such device type.');
  }
}

/** A device is said to be of a type that the tenant does not see. */
export class DeviceTypeUnknown extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'device_type_unknown';
  override readonly facts: ErrorFacts;

  constructor(type: string) {
    const detail = `There is no device type "${type}".`;
    super(detail);
    this.facts = { errors: [{ pointer: '/device_type', code: 'device_type_unknown', detail }] };
  }
}

/** The caller looked at another version of what is desired. */
export class StaleDesired extends DomainError {
  readonly kind = 'stale';
  readonly code = 'stale_version';
  override readonly facts: ErrorFacts;

  constructor(version: number, desiredVersion: number) {
    super(`What is desired is at version ${desiredVersion} now.`);
    this.facts = { current_version: version, current_desired_version: desiredVersion };
  }
}

/** Attributes that the schema of the device type does not allow. */
export class AttributesInvalid extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'attributes_invalid';
  override readonly facts: ErrorFacts;

  constructor(readonly violations: readonly Violation[]) {
    super(violations.map(({ pointer, detail }) => `${pointer}: ${detail}`).join(' '));
    this.facts = { errors: violations };
  }
}

/** Another device of the tenant has this address. */
export class MacAddressTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'mac_address_taken';
  override readonly facts: ErrorFacts;

  constructor(
    readonly tenant: string | null,
    readonly macAddress: string,
    conflictingId: string | null,
  ) {
    super(`The address ${macAddress} is another device’s.`);
    this.facts = { conflicting_id: conflictingId };
  }
}

/** Another device type of the tenant has this key. */
export class DeviceTypeKeyTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'device_type_key_taken';
  override readonly facts: ErrorFacts;

  constructor(
    readonly tenant: string | null,
    readonly key: string,
    conflictingId: string | null,
  ) {
    super(`The key "${key}" is taken.`);
    this.facts = { conflicting_id: conflictingId };
  }
}

/** A device type is to go that devices are of. */
export class DeviceTypeInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'device_type_in_use';
  override readonly facts: ErrorFacts;

  constructor(key: string, devices: number) {
    super(`${devices} devices are of the type "${key}".`);
    this.facts = { devices };
  }
}

/** An atomic import with mistakes, of which nothing was stored. */
export class DeviceImportRefused extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'device_import_refused';
  override readonly facts: ErrorFacts;

  constructor(violations: readonly Violation[]) {
    super('Nothing was imported: some lines are impossible.');
    this.facts = { errors: violations };
  }
}
