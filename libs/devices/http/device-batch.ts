import { Injectable } from '@nestjs/common';
import { DomainError, InvalidInput, UnitOfWork } from '#shared-kernel';
import { CallContext } from '#platform/context';
import { Batches, isMembers } from '#platform/http';
import type { BatchResponse, Done } from '#platform/http';
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
    return this.batches.run(batch, DeviceOperation, (operation) => this.#perform(operation));
  }

  async #perform(operation: DeviceOperation): Promise<Done> {
    const { op, if_version: version, ...members } = operation;
    expectNothingElse(operation);
    const body = present(members);
    if (op === 'create') {
      const { state, outcome } = await this.service.create(await this.bodies.toNew(body));
      return { status: outcome === 'unchanged' ? 200 : 201, id: state.id, version: state.version };
    }
    const { id, ...changes } = body;
    if (id === undefined) throw InvalidInput.at('/id', 'required', 'Name the device by its id.');
    const target = { id: deviceId(id), ifVersion: version ?? null };
    if (op === 'delete') {
      await this.service.delete(target, body.change_reason ?? null);
      return { status: 204, id: target.id };
    }
    const { asked, reason } = await this.bodies.toRevision(changes, 'replace');
    const state = await this.service.revise(target, asked, reason);
    return { status: 200, id: target.id, version: state.version };
  }
}

/** A transformed body has undefined where the sent one had nothing. */
const present = <Members extends object>(members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;

const DELETES_WITH: ReadonlySet<string> = new Set(['op', 'id', 'if_version', 'change_reason']);

/** What an operation has no use for would be lost without a word. @throws InvalidInput with each such member */
function expectNothingElse(operation: DeviceOperation): void {
  const { op } = operation;
  const isTaken = (name: string): boolean => {
    if (op === 'delete') return DELETES_WITH.has(name);
    return op === 'update' ? name !== 'tenant_id' : name !== 'if_version';
  };
  const others = Object.keys(present(operation)).filter((name) => !isTaken(name));
  if (others.length === 0) return;
  const detail = `Here ${op} has no use for it.`;
  throw new InvalidInput(others.map((name) => ({ pointer: `/${name}`, code: 'unknown_property', detail })));
}
