import { SLUG } from './identity.js';
import type { Slug, TeamId } from './identity.js';

const SLUG_LENGTH_MAX = 63;

/** From `Plattform & Öl` to `plattform-ol`; a name without any letter of ASCII gives one made of the id. */
export function slugFrom(name: string, id: TeamId): Slug {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]/)
    .filter((word) => word !== '');
  const text = words.join('-').slice(0, SLUG_LENGTH_MAX);
  return (SLUG.test(text) ? withoutTail(text) : `team-${id.slice(-12)}`) as Slug;
}

const withoutTail = (text: string): string => (text.endsWith('-') ? text.slice(0, -1) : text);
