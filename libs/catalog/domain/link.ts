import { lengthOf } from '#shared-kernel';
import type { Violation } from '#shared-kernel';

/** Where to read on: a dashboard, a runbook, a channel. */
export interface Link {
  readonly url: string;
  readonly title: string | null;
  /** Free, for example `dashboard`. */
  readonly type: string | null;
}

export const LINKS_MAX = 50;
export const URL_LENGTH_MAX = 2_048;
export const LINK_TITLE_LENGTH_MAX = 255;
export const LINK_TYPE_LENGTH_MAX = 50;
/** What may be opened by a click; nothing that runs in the page that shows it. */
export const LINK_SCHEMES = ['http', 'https', 'mailto', 'tel', 'ssh', 'git', 'slack', 'msteams'] as const;

/** Blanks and control characters, which readers of URLs drop in silence. */
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u0020\u007f-\u00a0]/;

/** Everything that is wrong with links, each mistake at its place. */
export function linkMistakes(links: readonly Link[]): Violation[] {
  if (links.length > LINKS_MAX)
    return [{ pointer: '/links', code: 'too_many', detail: `There are at most ${LINKS_MAX} links.` }];
  return links.flatMap((link, index) => mistakesOf(link, `/links/${index}`));
}

function mistakesOf({ url, title, type }: Link, pointer: string): Violation[] {
  const scheme = schemeOf(url);
  const isLink = scheme !== null && (LINK_SCHEMES as readonly string[]).includes(scheme);
  const detail = `A link is a whole URL with one of ${LINK_SCHEMES.join(', ')}, and without a password.`;
  return [
    ...(isLink ? [] : [{ pointer: `${pointer}/url`, code: 'url', detail }]),
    ...tooLong(title, `${pointer}/title`, LINK_TITLE_LENGTH_MAX),
    ...tooLong(type, `${pointer}/type`, LINK_TYPE_LENGTH_MAX),
  ];
}

/** The scheme of a whole URL, in lower case; null when it is none, or holds a password. */
export function schemeOf(url: string): string | null {
  if (url.length > URL_LENGTH_MAX || UNSEEN.test(url) || !URL.canParse(url)) return null;
  const { protocol, password } = new URL(url);
  return password === '' ? protocol.slice(0, -1) : null;
}

const tooLong = (text: string | null, pointer: string, max: number): Violation[] =>
  text === null || lengthOf(text) <= max
    ? []
    : [wrong(pointer, 'too_long', `It has at most ${max} characters.`)];

const wrong = (pointer: string, code: string, detail: string): Violation => ({ pointer, code, detail });
