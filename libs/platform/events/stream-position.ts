import { InvalidInput } from '#shared-kernel';
import type { LoggedEvent } from '#platform/change-log';

/** Where somebody is in one stream: all of a revision was told, or its changes up to this one. */
export interface StreamPosition {
  readonly revision: number;
  /** Null: the whole revision. */
  readonly sub: number | null;
}

/** However many streams are followed. */
const BEGINNING = '0';
/** In one stream, or in two that are followed together. */
export const POSITION = /^\d{1,15}(?:-\d{1,6})?(?:\.\d{1,15}(?:-\d{1,6})?)?$/;
const PART = /^(\d{1,15})(?:-(\d{1,6}))?$/;

/** As clients keep it: the positions in all streams that are followed, in their order. */
export const formatPositions = (positions: readonly StreamPosition[]): string =>
  positions.map(({ revision, sub }) => (sub === null ? `${revision}` : `${revision}-${sub}`)).join('.');

/**
 * What a client kept. A position of fewer or more streams is that of another question, and going on from it would pass over
 * events.
 * @throws InvalidInput
 */
export function parsePositions(text: string, streams: number, pointer: string): StreamPosition[] {
  if (text === BEGINNING) return Array.from({ length: streams }, () => ({ revision: 0, sub: null }));
  const parts = text.split('.').map((part) => PART.exec(part));
  if (parts.length === streams && parts.every((part) => part !== null))
    return parts.map((part) => ({
      revision: Number(part?.[1]),
      sub: part?.[2] === undefined ? null : Number(part[2]),
    }));
  throw InvalidInput.at(
    pointer,
    'pattern',
    streams === 1
      ? 'A position is what `next` of a page or `id` of an event of the same stream said.'
      : 'With include_shared a position has two parts with a point between them: what `next` or `id` said.',
  );
}

/** Everything that is not known at a position comes after this revision. */
export const readFrom = ({ revision, sub }: StreamPosition): number =>
  sub === null ? revision : Math.max(0, revision - 1);

export const isAfter = ({ revision, sub }: LoggedEvent, position: StreamPosition): boolean =>
  revision > position.revision ||
  (revision === position.revision && position.sub !== null && sub > position.sub);
