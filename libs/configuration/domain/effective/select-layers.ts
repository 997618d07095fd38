import { BASE } from '../identity.js';
import type { Layer, Place } from './layer.js';

/**
 * The layers that make up the documents of a place at an instant: by name, and of each name from the lowest up. The
 * tenant's lie over the shared ones, those of the environment over the base, those with a window over those without.
 */
export const layersAt = (layers: readonly Layer[], place: Place, at: number): Layer[] =>
  layers.filter((layer) => isOf(layer, place) && isEffective(layer, at)).sort(byNameAndHeight);

/** The next instant, in milliseconds since 1970, at which time alone gives the place other layers; null is never. */
export function boundaryAfter(layers: readonly Layer[], place: Place, at: number): number | null {
  let next = Infinity;
  for (const layer of layers) {
    if (!isOf(layer, place)) continue;
    const { effectiveFrom: from, effectiveUntil: until } = layer;
    if (from !== null && from > at && from < next) next = from;
    if (until !== null && until > at && until < next) next = until;
  }
  return next === Infinity ? null : next;
}

/** This instant, and every later one at which time alone gives the place other layers, in their order. */
export function instantsFrom(layers: readonly Layer[], place: Place, from: number): number[] {
  const boundaries = layers
    .filter((layer) => isOf(layer, place))
    .flatMap(({ effectiveFrom, effectiveUntil }) => [effectiveFrom, effectiveUntil])
    .filter((instant) => instant !== null && instant > from) as number[];
  return [from, ...[...new Set(boundaries)].sort((a, b) => a - b)];
}

/** Half-open: effective at its start, and not any more at its end. */
export const isEffective = ({ effectiveFrom, effectiveUntil }: Layer, at: number): boolean =>
  (effectiveFrom === null || effectiveFrom <= at) && (effectiveUntil === null || at < effectiveUntil);

/** Whether what lies there can take part in the documents of the place at all. */
export const isOf = ({ tenant, environment }: Place, place: Place): boolean =>
  (tenant === null || tenant === place.tenant) && (environment === BASE || environment === place.environment);

function byNameAndHeight(a: Layer, b: Layer): number {
  return compare(a.name, b.name) || height(a) - height(b) || compare(a.configurationId, b.configurationId);
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const height = ({ tenant, environment, effectiveFrom, effectiveUntil }: Layer): number =>
  (tenant === null ? 0 : 4) +
  (environment === BASE ? 0 : 2) +
  (effectiveFrom === null && effectiveUntil === null ? 0 : 1);
