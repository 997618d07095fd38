import { Injectable } from '@nestjs/common';
import { DomainError, UnitOfWork } from '#shared-kernel';
import { CallContext } from '#platform/context';
import { Batches, isMembers, performOperation } from '#platform/http';
import type { BatchResponse } from '#platform/http';
import { DeviceChecks } from '../application/device-checks.js';
import type { AttributesOfType } from '../application/device-checks.js';
import { DeviceService } from '../application/device.service.js';
import { bytesOf, DOCUMENT_BYTES_MAX } from '../domain/documents.js';
import { deviceId } from '../domain/identity.js';
import { DeviceBodies } from './device-bodies.js';
import { DeviceOperation } from './device.dto.js';
import type { DeviceBatchBody } from './device.dto.js';

/** Holds the attributes of many against their types in one go, before each is looked at by itself. */
@Injectable()
export class DevicePreparation {
  constructor(
    private readonly checks: DeviceChecks,
    private readonly unitOfWork: UnitOfWork,
    private readonly context: CallContext,
  ) {}

  /** What is found wrong here is told when the turn of the device comes. */
  async of(sent: readonly unknown[], owner?: string | null): Promise<void> {
    const byTenant = new Map<string | null, AttributesOfType[]>();
    for (const one of sent) {
      if (!isMembers(one)) continue;
      const { device_type: deviceType, attributes, tenant_id: named } = one;
      if (typeof deviceType !== 'string' || !isMembers(attributes)) continue;
      if (bytesOf(attributes) > DOCUMENT_BYTES_MAX) continue;
      const own = owner === undefined ? this.context.current.caller.tenant : owner;
      const tenant = typeof named === 'string' ? named : own;
      byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), { deviceType, attributes }]);
    }
    for (const [tenant, some] of byTenant) await this.#prepare(tenant, some);
  }

  async #prepare(tenant: string | null, some: readonly AttributesOfType[]): Promise<void> {
    try {
      await this.unitOfWork.attempt(() => this.checks.prepare(tenant, some));
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
    }
  }
}

/** Several devices in one request. */
@Injectable()
export class DeviceBatch {
  constructor(
    private readonly batches: Batches,
    private readonly service: DeviceService,
    private readonly bodies: DeviceBodies,
    private readonly preparation: DevicePreparation,
  ) {}

  /** @throws BatchRefused in atomic mode, with the mistakes of all operations; then nothing was written. */
  async run(batch: DeviceBatchBody): Promise<BatchResponse> {
    await this.preparation.of(batch.operations);
    return this.batches.run(batch, DeviceOperation, (operation) =>
      performOperation(operation, {
        noun: 'the device',
        service: this.service,
        bodies: this.bodies,
        idOf: deviceId,
      }),
    );
  }
}
