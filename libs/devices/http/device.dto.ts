import {
  AlwaysDescribed,
  batchBody,
  Choice,
  Described,
  Instant,
  listResponse,
  Nested,
  REASON,
  ResourceResponse,
  TENANT,
  Text,
  Uuid,
  Whole,
} from '#platform/http';
import { CONNECTIVITIES } from '../domain/connectivity.js';
import { TYPE_KEY, TYPE_KEY_LENGTH_MAX } from '../domain/device-type.js';
import {
  ENVIRONMENT_LENGTH_MAX,
  HEARTBEAT_SECONDS_DEFAULT,
  HEARTBEAT_SECONDS_MAX,
  NAME_LENGTH_MAX,
  STORE_LENGTH_MAX,
} from '../domain/device.js';

const OBJECT = { type: 'object', additionalProperties: true } as const;
const ATTRIBUTES = {
  ...OBJECT,
  description: 'What does not change by itself: at most 32 KiB, as the type wants it.',
  example: { floor: 3, room: 'kitchen' },
} as const;
const DOCUMENT = { ...OBJECT, description: 'At most 32 KiB.', example: { brightness: 80 } } as const;
const LABELS = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'At most 64, in the syntax of Kubernetes.',
  example: { tier: 'edge' },
} as const;
const TYPE = {
  min: 1,
  max: TYPE_KEY_LENGTH_MAX,
  pattern: TYPE_KEY,
  description: 'The key of a device type: the tenant’s own, else the shared one.',
  example: 'smart_light',
} as const;
const NAME = { nullable: true, min: 1, max: NAME_LENGTH_MAX, example: 'Kitchen light' } as const;
const MAC = {
  nullable: true,
  description:
    'Six or eight bytes: 00:1a:2b:3c:4d:5e, 00-1a-2b-3c-4d-5e, 001a.2b3c.4d5e or 001a2b3c4d5e. Given in lower case with colons.',
  example: '00:1a:2b:3c:4d:5e',
} as const;
const IP = {
  nullable: true,
  description: 'IPv4 or IPv6, no mask, zone or port. Given in its canonical form (RFC 5952).',
  example: '192.168.1.10',
} as const;
const ENVIRONMENT = {
  nullable: true,
  min: 1,
  max: ENVIRONMENT_LENGTH_MAX,
  description: 'The key of an environment.',
  example: 'production',
} as const;
const TEAM = { nullable: true, description: 'The team of the catalog that owns it.' } as const;
const STORE = { nullable: true, min: 1, max: STORE_LENGTH_MAX, example: 'store-042' } as const;
const HEARTBEAT = {
  min: 1,
  max: HEARTBEAT_SECONDS_MAX,
  description: 'How often it says something of itself when all is well.',
} as const;
const ID = {
  optional: true,
  description: 'Of the caller’s choice; the same id with the same content may be sent again.',
} as const;

/** What may be said of a device besides its type and address. */
abstract class DeviceProperties {
  @Text({ optional: true, ...NAME })
  readonly name?: string | null;

  @Text({ optional: true, ...IP })
  readonly ip_address?: string | null;

  @Instant({ optional: true, description: 'Absent for a new one: now.' })
  readonly registration_date?: string;

  @Text({ optional: true, ...ENVIRONMENT })
  readonly environment?: string | null;

  @Uuid({ optional: true, ...TEAM })
  readonly owner_team_id?: string | null;

  @Text({ optional: true, ...STORE })
  readonly store_id?: string | null;

  @Described({ ...LABELS, nullable: true })
  readonly labels?: object | null;

  @Described({ ...ATTRIBUTES, nullable: true })
  readonly attributes?: object | null;

  @Whole({
    optional: true,
    nullable: true,
    ...HEARTBEAT,
    description: `${HEARTBEAT.description} Null: ${HEARTBEAT_SECONDS_DEFAULT}.`,
  })
  readonly heartbeat_seconds?: number | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateDeviceBody extends DeviceProperties {
  @Uuid(ID)
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Text(TYPE)
  readonly device_type!: string;

  @Text({ optional: true, ...MAC })
  readonly mac_address?: string | null;
}

/** The address is in the path, and may be said again. */
export class RegisterDeviceBody extends DeviceProperties {
  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Text(TYPE)
  readonly device_type!: string;

  @Text({ optional: true, ...MAC, nullable: false })
  readonly mac_address?: string;
}

export class ReviseDeviceBody extends DeviceProperties {
  @Text({ ...TYPE, optional: true })
  readonly device_type?: string;

  @Text({ optional: true, ...MAC })
  readonly mac_address?: string | null;
}

/** How a device should be. */
export class DesireBody {
  @AlwaysDescribed(DOCUMENT)
  readonly document!: object;

  @Whole({ optional: true, min: 0, description: 'The version of what was desired that this was decided on.' })
  readonly desired_version?: number;

  @Text(REASON)
  readonly change_reason?: string | null;
}

/** One line of an import: what is absent stays as it is, null clears. */
export class ImportedDevice extends ReviseDeviceBody {
  @Uuid({ optional: true, nullable: true })
  readonly id?: string | null;

  @Described({ ...DOCUMENT, nullable: true })
  readonly desired?: object | null;
}

/** One operation of a batch: the members that the operation takes, and `op`. */
export class DeviceOperation extends ReviseDeviceBody {
  @Choice(['create', 'update', 'delete'])
  readonly op!: string;

  @Uuid({
    optional: true,
    description: 'Which device to update or delete; for create, the id of the caller’s choice.',
  })
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Whole({ optional: true, min: 1, description: 'The version that the operation was decided on.' })
  readonly if_version?: number;
}

export class DeviceBatchBody extends batchBody(() => DeviceOperation) {}

/** What is said of a device, in short. */
abstract class RegistrationResponse extends ResourceResponse {
  @Text(NAME)
  readonly name!: string | null;

  @Text(TYPE)
  readonly device_type!: string;

  @Text(MAC)
  readonly mac_address!: string | null;

  @Text(IP)
  readonly ip_address!: string | null;

  @Instant()
  readonly registration_date!: string;

  @Text(ENVIRONMENT)
  readonly environment!: string | null;

  @Uuid(TEAM)
  readonly owner_team_id!: string | null;

  @Text(STORE)
  readonly store_id!: string | null;

  @AlwaysDescribed(LABELS)
  readonly labels!: object;

  @Whole(HEARTBEAT)
  readonly heartbeat_seconds!: number;
}

/** A device in short. The ETag is of what is said of it: connectivity changes by time alone. */
export class DeviceResponse extends RegistrationResponse {
  @Choice(CONNECTIVITIES, {
    nullable: true,
    description: 'online up to two heartbeats ago, late up to four. Null in a past state.',
  })
  readonly connectivity!: string | null;

  @Instant({ nullable: true })
  readonly last_seen_at!: string | null;
}

export class DesiredResponse {
  @AlwaysDescribed(DOCUMENT)
  readonly document!: object;

  @Whole({ min: 0, description: 'Counts the changes of the document; 0: never said.' })
  readonly version!: number;
}

/** Everything that is said of a device. */
export class RegisteredDeviceResponse extends RegistrationResponse {
  @AlwaysDescribed(ATTRIBUTES)
  readonly attributes!: object;

  @Nested(() => DesiredResponse)
  readonly desired!: DesiredResponse;
}

export class DeviceListResponse extends listResponse(() => DeviceResponse) {}
