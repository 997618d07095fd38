import { Injectable } from '@nestjs/common';
import { Clock, IdConflict, onceMore, StaleVersion, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { MacAddressTaken } from '../domain/device-errors.js';
import { Device, sameContent } from '../domain/device.js';
import type { DeviceContent, DeviceRevision, DeviceState } from '../domain/device.js';
import { DeviceJournal } from '../domain/device-journal.js';
import { DeviceRepository } from '../domain/device.repository.js';
import type { DeviceId } from '../domain/identity.js';
import type { MacAddress } from '../domain/mac-address.js';
import { DeviceChecks } from './device-checks.js';
import { journalEntries } from './device-journaling.js';

/** Which device to change, and the version the caller looked at when deciding to (null: any). */
export interface DeviceAt {
  readonly id: DeviceId;
  readonly ifVersion: ExpectedVersion;
  /** Likewise of what is desired. */
  readonly ifDesired?: number | null;
}

/** What is said of a new device; without a date it is registered now. */
export interface NewContent extends Omit<DeviceContent, 'registrationDate'> {
  readonly registrationDate: Date | null;
}

/** A device that is to be registered. */
export interface NewDevice {
  readonly id: DeviceId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly content: NewContent;
  readonly reason: string | null;
}

/** What became of a request to register a device. */
export interface StoredDevice {
  readonly state: DeviceState;
  readonly outcome: 'created' | 'updated' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseDevice = (current: DeviceState) => DeviceRevision;

/** A device that is to be as it says: found by its id, else by its address, else registered. */
export interface DeviceUpsert {
  readonly id: DeviceId | null;
  readonly mac: MacAddress | null;
  readonly tenant: string | null;
  readonly ifVersion: ExpectedVersion;
  /** Refuses what is there already. */
  readonly createOnly?: boolean;
  readonly revise: ReviseDevice;
  /** @throws InvalidInput where it does not say enough for a new one */
  readonly create: () => NewDevice;
  readonly reason: string | null;
}

/** Everything that changes what is said of a device. */
@Injectable()
export class DeviceService {
  constructor(
    private readonly devices: DeviceRepository,
    private readonly checks: DeviceChecks,
    private readonly journal: DeviceJournal,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored device is the answer.
   * @throws MacAddressTaken, IdConflict, DeviceTypeUnknown, AttributesInvalid, CatalogReferenceUnknown
   */
  create(request: NewDevice): Promise<StoredDevice> {
    return onceMore(request, (again) => this.#withHolder(() => this.#create(again)));
  }

  /** @throws DeviceNotFound, StaleVersion, MacAddressTaken, DeviceTypeUnknown, AttributesInvalid, CatalogReferenceUnknown */
  revise(target: DeviceAt, revise: ReviseDevice, reason: string | null): Promise<DeviceState> {
    return this.#change(target, (device) => device.revise(revise(device.snapshot), reason));
  }

  /** @throws as `revise`, and VersionNotFound */
  rollBack(target: DeviceAt, version: number, reason: string | null): Promise<DeviceState> {
    return this.#change(target, async (device) => {
      device.revertTo(await this.devices.contentAt(target.id, version), version, reason);
    });
  }

  /** @throws DeviceNotFound, StaleVersion */
  async delete(target: DeviceAt, reason: string | null): Promise<void> {
    await this.#change(target, (device) => device.delete(reason));
  }

  /**
   * Somebody who registers the same address at the same moment is waited for, and then changed.
   * @throws StaleVersion, IdConflict, MacAddressTaken, DeviceTypeUnknown, AttributesInvalid, CatalogReferenceUnknown
   */
  async upsert(request: DeviceUpsert): Promise<StoredDevice> {
    try {
      return await this.unitOfWork.attempt(() => this.#upsert(request));
    } catch (error) {
      if (!(error instanceof MacAddressTaken)) throw error;
      return this.#withHolder(() => this.#upsert(request));
    }
  }

  async #upsert(request: DeviceUpsert): Promise<StoredDevice> {
    const { id, mac, tenant, ifVersion, revise, create, reason } = request;
    const device =
      (id && (await this.devices.findOwn(tenant, id))) ??
      (mac && (await this.devices.findByMac(tenant, mac)));
    if (!device || (id !== null && device.snapshot.id !== id)) return this.#createInstead(create, ifVersion);
    const before = device.snapshot;
    if (request.createOnly) throw new StaleVersion(before.version);
    device.expectVersion(ifVersion);
    device.revise(revise(before), reason);
    const outcome = device.change ? 'updated' : 'unchanged';
    await this.#store(device, before);
    return { state: device.snapshot, outcome };
  }

  #createInstead(create: () => NewDevice, ifVersion: ExpectedVersion): Promise<StoredDevice> {
    if (ifVersion !== null) throw new StaleVersion(null);
    return this.#create(create());
  }

  async #create(request: NewDevice): Promise<StoredDevice> {
    const { id, tenant, content, reason, idIsGiven } = request;
    if (idIsGiven && (await this.devices.isIdUsed(id))) return this.#repeat(request);
    const registrationDate = content.registrationDate ?? this.clock.now();
    const device = Device.register({ id, tenant }, { ...content, registrationDate }, reason);
    await this.#store(device, null);
    return { state: device.snapshot, outcome: 'created' };
  }

  #change(target: DeviceAt, act: (device: Device) => void | Promise<void>): Promise<DeviceState> {
    return this.#withHolder(async () => {
      const device = await this.devices.get(target.id);
      device.expectVersion(target.ifVersion);
      device.expectDesiredVersion(target.ifDesired ?? null);
      const before = device.snapshot;
      await act(device);
      await this.#store(device, before);
      return device.snapshot;
    });
  }

  async #store(device: Device, before: DeviceState | null): Promise<void> {
    const { change, snapshot } = device;
    if (!change) return;
    if (!change.removes) await this.checks.expectSound(before, snapshot);
    await this.devices.save(device);
    const entries = change.removes ? [] : journalEntries(before, device.snapshot);
    if (entries.length > 0) await this.journal.append(entries);
  }

  /** @throws IdConflict */
  async #repeat({ id, tenant, content }: NewDevice): Promise<StoredDevice> {
    const stored = (await this.devices.findOwn(tenant, id))?.snapshot;
    if (!stored) throw new IdConflict();
    const wanted = { ...content, registrationDate: content.registrationDate ?? stored.registrationDate };
    if (!sameContent(wanted, stored)) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /** When the address is taken, the refusal tells by whom. */
  async #withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof MacAddressTaken)) throw error;
      const { tenant, macAddress } = error;
      const holder = await this.unitOfWork.run(() =>
        this.devices.findByMac(tenant, macAddress as MacAddress),
      );
      throw new MacAddressTaken(tenant, macAddress, holder?.snapshot.id ?? null);
    }
  }
}
