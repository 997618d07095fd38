import { checkedUuid, InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

/** Stable ids: UUIDs (RFC 9562, any version), in lower case. */
export type CompanyId = Brand<string, 'CompanyId'>;
export type UserId = Brand<string, 'UserId'>;
export type TeamId = Brand<string, 'TeamId'>;
export type EnvironmentId = Brand<string, 'EnvironmentId'>;
export type ResourceId = Brand<string, 'ResourceId'>;

/** A word for machines, for example `platform-team`: lower case, at most 63 characters. */
export type Slug = Brand<string, 'Slug'>;

export const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** @throws InvalidInput */
export const companyId = (text: string): CompanyId => checkedUuid(text) as CompanyId;

/** @throws InvalidInput */
export const userId = (text: string): UserId => checkedUuid(text) as UserId;

/** @throws InvalidInput */
export const teamId = (text: string): TeamId => checkedUuid(text) as TeamId;

/** @throws InvalidInput */
export const environmentId = (text: string): EnvironmentId => checkedUuid(text) as EnvironmentId;

/** @throws InvalidInput */
export const resourceId = (text: string): ResourceId => checkedUuid(text) as ResourceId;

/** @param pointer where it stands, for example `/slug` @throws InvalidInput */
export function slug(text: string, pointer: string): Slug {
  if (SLUG.test(text)) return text as Slug;
  const detail = 'It has 1 to 63 of a-z 0-9 - and does not begin with -.';
  throw InvalidInput.at(pointer, 'pattern', detail);
}
