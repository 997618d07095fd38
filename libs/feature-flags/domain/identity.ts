import { checkedUuid, InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

/** The stable id of a flag: a UUID (RFC 9562, any version), in lower case. */
export type FlagId = Brand<string, 'FlagId'>;

/** The stable id of a segment, likewise. */
export type SegmentId = Brand<string, 'SegmentId'>;

/** The name by which code asks for a flag, for example `new-checkout-flow`. */
export type FlagName = Brand<string, 'FlagName'>;

/** The name by which conditions refer to a segment. */
export type SegmentName = Brand<string, 'SegmentName'>;

const NAME = /^[a-z][a-z0-9_-]*$/;
const NAME_LENGTH_MAX = 255;

/** @throws InvalidInput */
export const flagId = (text: string): FlagId => checkedUuid(text) as FlagId;

/** @throws InvalidInput */
export const segmentId = (text: string): SegmentId => checkedUuid(text) as SegmentId;

/** @throws InvalidInput */
export const flagName = (text: string): FlagName => checkedName(text) as FlagName;

/** @throws InvalidInput */
export const segmentName = (text: string): SegmentName => checkedName(text) as SegmentName;

/** True for what can be a name of either: nothing else needs to be looked for. */
export const isName = (text: string): boolean => text.length <= NAME_LENGTH_MAX && NAME.test(text);

function checkedName(text: string): string {
  if (!isName(text)) {
    throw InvalidInput.at(
      '/name',
      'pattern',
      `A name starts with a letter and has 1 to ${NAME_LENGTH_MAX} of a-z 0-9 _ -`,
    );
  }
  return text;
}
