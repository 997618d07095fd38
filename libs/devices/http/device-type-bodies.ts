import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CallContext, writeTenant } from '#platform/context';
import { checkBody, expectNone, isMembers, Reading } from '#platform/http';
import type { AskedChange, CheckedBody } from '#platform/http';
import type { NewDeviceType } from '../application/device-type.service.js';
import { deviceTypeKey } from '../domain/device-type.js';
import type { DeviceTypeRevision, Schema } from '../domain/device-type.js';
import { deviceTypeId } from '../domain/identity.js';
import { CreateDeviceTypeBody, ReviseDeviceTypeBody } from './device-type.dto.js';

/** From bodies of device types to what the service takes; everything that is wrong is told together. */
@Injectable()
export class DeviceTypeBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewDeviceType> {
    const checked = await checkBody(CreateDeviceTypeBody, sent);
    const read = readSchemas(checked);
    const { body } = checked;
    return {
      id: deviceTypeId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      tenant: writeTenant(this.context.current.caller, body.tenant_id),
      key: deviceTypeKey(body.key),
      content: {
        name: body.name,
        statusValues: body.status_values ?? [],
        attributesSchema: read.attributesSchema ?? null,
        statusDataSchema: read.statusDataSchema ?? null,
      },
      reason: body.change_reason ?? null,
    };
  }

  /** @throws InvalidInput */
  async toRevision(sent: unknown): Promise<AskedChange<DeviceTypeRevision>> {
    const checked = await checkBody(ReviseDeviceTypeBody, sent);
    const read = readSchemas(checked);
    const { name, status_values: values, change_reason: reason } = checked.body;
    return {
      reason: reason ?? null,
      asked: {
        ...(name !== undefined && { name }),
        ...(values !== undefined && { statusValues: values ?? [] }),
        ...read,
      },
    };
  }
}

/** Absent stays absent. @throws InvalidInput with everything that is wrong with the body */
function readSchemas({
  raw,
  violations,
}: CheckedBody<object>): Pick<DeviceTypeRevision, 'attributesSchema' | 'statusDataSchema'> {
  const reading = new Reading();
  const schema = (name: string): Schema | null | undefined => {
    const value = raw[name];
    if (value === undefined || value === null) return value;
    if (isMembers(value) || typeof value === 'boolean') return value;
    reading.note('type', `/${name}`, 'It must be an object, true or false.');
    return undefined;
  };
  const attributesSchema = schema('attributes_schema');
  const statusDataSchema = schema('status_data_schema');
  expectNone([...violations, ...reading.violations]);
  return {
    ...(attributesSchema !== undefined && { attributesSchema }),
    ...(statusDataSchema !== undefined && { statusDataSchema }),
  };
}
