import { checkedUuid, InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

/** The stable id of a configuration: a UUID (RFC 9562, any version), in lower case. */
export type ConfigurationId = Brand<string, 'ConfigurationId'>;

/** The stable id of one version of a schema, likewise. */
export type SchemaId = Brand<string, 'SchemaId'>;

/** The stable id of a secret provider, likewise. */
export type ProviderId = Brand<string, 'ProviderId'>;

/** The service that reads, for example `order-service`. */
export type ServiceId = Brand<string, 'ServiceId'>;

/** What the document is about, for example `database`; a service has one effective document of each name. */
export type ConfigurationName = Brand<string, 'ConfigurationName'>;

/** Where the service runs, for example `production`; `base` lies under all of them. */
export type EnvironmentName = Brand<string, 'EnvironmentName'>;

/** The layer under every environment. */
export const BASE = 'base' as EnvironmentName;

/** Of services and configurations; 1 to 100 characters. */
export const NAME = /^[a-z][a-z0-9-]*$/;
export const NAME_LENGTH_MAX = 100;
/** Of environments; 1 to 63 characters. */
export const ENVIRONMENT = /^[a-z0-9][a-z0-9-]*$/;
export const ENVIRONMENT_LENGTH_MAX = 63;

/** @throws InvalidInput */
export const configurationId = (text: string): ConfigurationId => checkedUuid(text) as ConfigurationId;

/** @throws InvalidInput */
export const schemaId = (text: string, pointer = '/id'): SchemaId => checkedUuid(text, pointer) as SchemaId;

/** @throws InvalidInput */
export const providerId = (text: string): ProviderId => checkedUuid(text) as ProviderId;

/** @throws InvalidInput */
export const serviceId = (text: string, pointer = '/service_id'): ServiceId =>
  checkedName(text, pointer) as ServiceId;

/** @throws InvalidInput */
export const configurationName = (text: string, pointer = '/name'): ConfigurationName =>
  checkedName(text, pointer) as ConfigurationName;

/** @throws InvalidInput */
export function environmentName(text: string, pointer = '/environment'): EnvironmentName {
  if (text.length > ENVIRONMENT_LENGTH_MAX || !ENVIRONMENT.test(text)) {
    throw InvalidInput.at(
      pointer,
      'pattern',
      `An environment starts with a letter or digit and has 1 to ${ENVIRONMENT_LENGTH_MAX} of a-z 0-9 -`,
    );
  }
  return text as EnvironmentName;
}

function checkedName(text: string, pointer: string): string {
  if (text.length > NAME_LENGTH_MAX || !NAME.test(text)) {
    throw InvalidInput.at(
      pointer,
      'pattern',
      `It starts with a letter and has 1 to ${NAME_LENGTH_MAX} of a-z 0-9 -`,
    );
  }
  return text;
}
