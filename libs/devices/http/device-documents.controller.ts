import { Body, Controller, Param, Patch, Put, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { Endpoint, IfMatch, ReasonQuery } from '#platform/http';
import type { Manner } from '#platform/http';
import { InvalidInput } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { DeviceService } from '../application/device.service.js';
import { AttributesInvalid } from '../domain/device-errors.js';
import { deviceId } from '../domain/identity.js';
import { DeviceBodies } from './device-bodies.js';
import { DesireBody, RegisteredDeviceResponse } from './device.dto.js';
import { toStoredDevice } from './device.wire.js';

const ATTRIBUTES = {
  schema: { type: 'object', additionalProperties: true, examples: [{ floor: 3, room: 'kitchen' }] },
} as never;
const REFUSES = [
  ...(['not-found', 'stale', 'too-large', 'unsupported'] as const),
  ...(['unprocessable', 'limit', 'unavailable'] as const),
];

/** The documents of a device that others than the device itself write. */
@ApiTags('Devices')
@Controller({ path: 'devices/:id', version: '1' })
export class DeviceDocumentsController {
  constructor(
    private readonly service: DeviceService,
    private readonly bodies: DeviceBodies,
  ) {}

  @Put('attributes')
  @ApiBody(ATTRIBUTES)
  @Endpoint({
    name: 'replaceDeviceAttributes',
    summary: 'Replace the attributes of a device',
    description: 'The body is the attributes themselves.',
    allow: 'devices:write',
    returns: RegisteredDeviceResponse,
    refuses: REFUSES,
  })
  replaceAttributes(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
    @Query() query: ReasonQuery,
  ): Promise<RegisteredDeviceResponse> {
    return this.#attributes({ id: deviceId(id), ifVersion }, [body, 'replace'], query);
  }

  @Patch('attributes')
  @ApiBody(ATTRIBUTES)
  @Endpoint({
    name: 'patchDeviceAttributes',
    summary: 'Change attributes of a device by merge patch',
    description: 'RFC 7396 over the attributes: null removes.',
    allow: 'devices:write',
    returns: RegisteredDeviceResponse,
    refuses: REFUSES,
  })
  patchAttributes(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
    @Query() query: ReasonQuery,
  ): Promise<RegisteredDeviceResponse> {
    return this.#attributes({ id: deviceId(id), ifVersion }, [body, 'merge'], query);
  }

  @Put('desired')
  @ApiBody({ type: DesireBody })
  @Endpoint({
    name: 'replaceDeviceDesired',
    summary: 'Say how a device should be',
    description: 'The document is replaced, and its version counts on if it is another one.',
    allow: 'devices:write',
    returns: RegisteredDeviceResponse,
    refuses: REFUSES,
  })
  replaceDesired(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<RegisteredDeviceResponse> {
    return this.#desire({ id: deviceId(id), ifVersion }, body, 'replace');
  }

  @Patch('desired')
  @ApiBody({ type: DesireBody })
  @Endpoint({
    name: 'patchDeviceDesired',
    summary: 'Say what should be otherwise with a device',
    description: 'RFC 7396 over the document: null removes.',
    allow: 'devices:write',
    returns: RegisteredDeviceResponse,
    refuses: REFUSES,
  })
  patchDesired(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<RegisteredDeviceResponse> {
    return this.#desire({ id: deviceId(id), ifVersion }, body, 'merge');
  }

  async #attributes(
    target: Target,
    [body, manner]: readonly [unknown, Manner],
    { change_reason: reason = null }: { readonly change_reason?: string | null },
  ): Promise<RegisteredDeviceResponse> {
    const asked = this.bodies.toAttributes(body, manner);
    const revised = this.service.revise(target, asked, reason);
    return toStoredDevice(await told(revised, { from: '/attributes', to: '' }));
  }

  async #desire(target: Target, body: unknown, manner: Manner): Promise<RegisteredDeviceResponse> {
    const { asked, reason, ifDesired } = await this.bodies.toDesire(body, manner);
    const revised = this.service.revise({ ...target, ifDesired }, asked, reason);
    return toStoredDevice(await told(revised, { from: '/desired', to: '/document' }));
  }
}

/** What is wrong with a document is told of where it stands in this body. */
async function told<T>(
  work: Promise<T>,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof InvalidInput) && !(error instanceof AttributesInvalid)) throw error;
    const violations = error.violations.map((one) => {
      const isInside = one.pointer === from || one.pointer.startsWith(`${from}/`);
      return isInside ? { ...one, pointer: to + one.pointer.slice(from.length) } : one;
    });
    throw error instanceof InvalidInput ? new InvalidInput(violations) : new AttributesInvalid(violations);
  }
}

type Target = Parameters<DeviceService['revise']>[0];
