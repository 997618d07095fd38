import {
  AlwaysDescribed,
  Described,
  ListQuery,
  listResponse,
  REASON,
  ResourceResponse,
  TENANT,
  Text,
  TextList,
  Uuid,
} from '#platform/http';
import {
  STATUS_VALUES_MAX,
  TYPE_KEY,
  TYPE_KEY_LENGTH_MAX,
  TYPE_NAME_LENGTH_MAX,
} from '../domain/device-type.js';

const SCHEMA = {
  oneOf: [{ type: 'object', additionalProperties: true }, { type: 'boolean' }],
  nullable: true,
};
const ATTRIBUTES_SCHEMA = {
  ...SCHEMA,
  description: 'A JSON Schema that the attributes of its devices satisfy; it refers to nothing but itself.',
  example: { type: 'object', properties: { floor: { type: 'integer' } } },
} as const;
const STATUS_DATA_SCHEMA = {
  ...SCHEMA,
  description: 'The same for the data of a reported status.',
  example: { type: 'object', properties: { temperature: { type: 'number' } } },
} as const;
const STATUS_VALUES = {
  maxItems: STATUS_VALUES_MAX,
  max: 63,
  description: 'What a status may be. Empty: anything.',
  example: ['on', 'off'],
} as const;
const KEY = {
  min: 1,
  max: TYPE_KEY_LENGTH_MAX,
  pattern: TYPE_KEY,
  description: 'What devices name it by. Fixed for life.',
  example: 'smart_light',
} as const;
const NAME = { min: 1, max: TYPE_NAME_LENGTH_MAX, example: 'Smart light' } as const;

/** What may be said of a device type besides its name. */
abstract class DeviceTypeProperties {
  @TextList({ optional: true, nullable: true, ...STATUS_VALUES })
  readonly status_values?: readonly string[] | null;

  @Described(ATTRIBUTES_SCHEMA)
  readonly attributes_schema?: object | boolean | null;

  @Described(STATUS_DATA_SCHEMA)
  readonly status_data_schema?: object | boolean | null;

  @Text(REASON)
  readonly change_reason?: string | null;
}

export class CreateDeviceTypeBody extends DeviceTypeProperties {
  @Uuid({
    optional: true,
    description: 'Of the caller’s choice; the same id with the same content may be sent again.',
  })
  readonly id?: string;

  @Text(TENANT)
  readonly tenant_id?: string | null;

  @Text(KEY)
  readonly key!: string;

  @Text(NAME)
  readonly name!: string;
}

export class ReviseDeviceTypeBody extends DeviceTypeProperties {
  @Text({ ...NAME, optional: true })
  readonly name?: string;
}

export class DeviceTypeListQuery extends ListQuery {
  @Text({ optional: true, min: 1, max: 255, description: 'Anywhere in key or name, whatever the case.' })
  readonly q?: string;
}

export class DeviceTypeResponse extends ResourceResponse {
  @Text(KEY)
  readonly key!: string;

  @Text(NAME)
  readonly name!: string;

  @TextList(STATUS_VALUES)
  readonly status_values!: readonly string[];

  @AlwaysDescribed(ATTRIBUTES_SCHEMA)
  readonly attributes_schema!: object | boolean | null;

  @AlwaysDescribed(STATUS_DATA_SCHEMA)
  readonly status_data_schema!: object | boolean | null;
}

export class DeviceTypeListResponse extends listResponse(() => DeviceTypeResponse) {}
