import { Injectable } from '@nestjs/common';
import { IdConflict, onceMore, sameJson, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { DeviceTypeInUse, DeviceTypeKeyTaken } from '../domain/device-errors.js';
import { DeviceType, deviceTypeKey, sameType } from '../domain/device-type.js';
import type {
  DeviceTypeContent,
  DeviceTypeKey,
  DeviceTypeRevision,
  DeviceTypeState,
  Schema,
} from '../domain/device-type.js';
import { DeviceTypeRepository } from '../domain/device-type.repository.js';
import type { DeviceTypeId } from '../domain/identity.js';
import { DeviceSchemas } from './device-schemas.js';

/** Which device type to change, and the version the caller looked at when deciding to (null: any). */
export interface DeviceTypeAt {
  readonly id: DeviceTypeId;
  readonly ifVersion: ExpectedVersion;
}

/** A device type that is to be made. */
export interface NewDeviceType {
  readonly id: DeviceTypeId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly key: DeviceTypeKey;
  readonly content: DeviceTypeContent;
  readonly reason: string | null;
}

/** What became of a request to make a device type. */
export interface StoredDeviceType {
  readonly state: DeviceTypeState;
  readonly outcome: 'created' | 'unchanged';
}

/** Everything that changes a device type. */
@Injectable()
export class DeviceTypeService {
  constructor(
    private readonly types: DeviceTypeRepository,
    private readonly schemas: DeviceSchemas,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored device type is the answer.
   * @throws DeviceTypeKeyTaken, IdConflict, SchemaRefused
   */
  create(request: NewDeviceType): Promise<StoredDeviceType> {
    return onceMore(request, (again) => this.#withHolder(() => this.#create(again)));
  }

  /** @throws DeviceTypeNotFound, StaleVersion, SchemaRefused */
  revise(
    target: DeviceTypeAt,
    revision: DeviceTypeRevision,
    reason: string | null,
  ): Promise<DeviceTypeState> {
    return this.#change(target, (type) => type.revise(revision, reason));
  }

  /** @throws DeviceTypeNotFound, StaleVersion, VersionNotFound, SchemaRefused */
  rollBack(target: DeviceTypeAt, version: number, reason: string | null): Promise<DeviceTypeState> {
    return this.#change(target, async (type) => {
      type.revertTo(await this.types.contentAt(target.id, version), version, reason);
    });
  }

  /** @throws DeviceTypeNotFound, StaleVersion, DeviceTypeInUse */
  async delete(target: DeviceTypeAt, reason: string | null): Promise<void> {
    await this.#change(target, async (type) => {
      const { tenant, key } = type.snapshot;
      const devices = await this.types.countDevices(tenant, key);
      if (devices > 0) throw new DeviceTypeInUse(key, devices);
      type.delete(reason);
    });
  }

  async #create(request: NewDeviceType): Promise<StoredDeviceType> {
    const { id, tenant, key, content, reason, idIsGiven } = request;
    if (idIsGiven && (await this.types.isIdUsed(id))) return this.#repeat(request);
    const type = DeviceType.create({ id, tenant, key }, content, reason);
    await this.#store(type, null);
    return { state: type.snapshot, outcome: 'created' };
  }

  #change(target: DeviceTypeAt, act: (type: DeviceType) => void | Promise<void>): Promise<DeviceTypeState> {
    return this.unitOfWork.attempt(async () => {
      const type = await this.types.get(target.id);
      type.expectVersion(target.ifVersion);
      const before = type.snapshot;
      await act(type);
      await this.#store(type, before);
      return type.snapshot;
    });
  }

  async #store(type: DeviceType, before: DeviceTypeState | null): Promise<void> {
    const { change, snapshot } = type;
    if (!change) return;
    if (!change.removes) {
      const { tenant, attributesSchema, statusDataSchema } = snapshot;
      await this.#admit(tenant, [before?.attributesSchema, attributesSchema], '/attributes_schema');
      await this.#admit(tenant, [before?.statusDataSchema, statusDataSchema], '/status_data_schema');
    }
    await this.types.save(type);
  }

  /** One that is there already was admitted when it came. */
  async #admit(
    tenant: string | null,
    [before, after]: readonly [Schema | null | undefined, Schema | null],
    pointer: string,
  ): Promise<void> {
    if (after !== null && !sameJson(before, after)) await this.schemas.admit(tenant, after, pointer);
  }

  /** @throws IdConflict */
  async #repeat({ id, tenant, key, content }: NewDeviceType): Promise<StoredDeviceType> {
    const stored = (await this.types.findByKey(tenant, key))?.snapshot;
    if (!stored || stored.id !== id || !sameType(stored, content)) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /** When the key is taken, the refusal tells by whom. */
  async #withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof DeviceTypeKeyTaken)) throw error;
      const { tenant, key } = error;
      const holder = await this.unitOfWork.run(() => this.types.findByKey(tenant, deviceTypeKey(key)));
      throw new DeviceTypeKeyTaken(tenant, key, holder?.snapshot.id ?? null);
    }
  }
}
