import { pointerToken, tokenName } from '#shared-kernel';

/** Any JSON value, as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMembers;

/** A JSON object. */
export interface JsonMembers {
  readonly [name: string]: Json;
}

export const isMembers = (value: Json | undefined): value is JsonMembers =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The place of a member (RFC 6901). */
export const memberAt = (pointer: string, name: string | number): string =>
  `${pointer}/${pointerToken(name)}`;

/** The names on the way to a place, outermost first. */
export const stepsOf = (pointer: string): string[] => pointer.split('/').slice(1).map(tokenName);
