import { lengthOf } from '#shared-kernel';
import type { Violation } from '#shared-kernel';

export const URL_LENGTH_MAX = 2_048;
export const DESCRIPTION_LENGTH_MAX = 1_000;
export const FILTER_ITEMS_MAX = 100;
export const FILTER_LENGTH_MAX = 255;
export const PREFIX_LENGTH_MAX = 512;

/** The part of a webhook that has a history and can be rolled back. Of each filter: any of them; empty or null: everything. */
export interface WebhookContent {
  readonly url: string;
  readonly description: string | null;
  /** As in events, for example `io.metastore.metadata.entry.created.v1`. */
  readonly types: readonly string[];
  /** `<context>.<aggregate>` */
  readonly aggregateTypes: readonly string[];
  readonly aggregateIds: readonly string[];
  /** Of the subject. */
  readonly prefix: string | null;
  /** Whether it is told of what belongs to all tenants, too. */
  readonly includeShared: boolean;
}

const EVENT_TYPE = /^io\.metastore(?:\.[a-z0-9_]+){3}\.v1$/;
const AGGREGATE_TYPE = /^[a-z0-9_]+\.[a-z0-9_]+$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PORT_MAX = 65_535;

/** Everything that is wrong with it. */
export function contentMistakes(content: WebhookContent): Violation[] {
  return [
    ...urlMistakes(content.url),
    ...lengthMistakes(content.description, '/description', DESCRIPTION_LENGTH_MAX),
    ...listMistakes(content.types, '/types', {
      pattern: EVENT_TYPE,
      detail: 'It must be an event type like io.metastore.metadata.entry.created.v1.',
    }),
    ...listMistakes(content.aggregateTypes, '/aggregate_types', {
      pattern: AGGREGATE_TYPE,
      detail: 'It must be <context>.<aggregate>, for example metadata.entry.',
    }),
    ...listMistakes(content.aggregateIds, '/aggregate_ids', {
      pattern: UUID,
      detail: 'It must be a UUID.',
    }),
    ...prefixMistakes(content.prefix),
  ];
}

function urlMistakes(url: string): Violation[] {
  const pointer = '/url';
  if (lengthOf(url) > URL_LENGTH_MAX) return lengthMistakes(url, pointer, URL_LENGTH_MAX);
  if (isReceiver(url)) return [];
  return [
    {
      pointer,
      code: 'url',
      detail: 'It must be an http or https URL with a host, without credentials and without a fragment.',
    },
  ];
}

/** What a parser would mend is refused: what is shown is what is called. */
function isReceiver(text: string): boolean {
  if (!/^https?:\/\/[^/\\?#\s@]+(?:[/?][^#\s\\]*)?$/i.test(text) || /\p{Cc}/u.test(text)) return false;
  const port = /^https?:\/\/(?:\[[^\]]*\]|[^/?:]*)(?::(\d*))?(?:[/?]|$)/i.exec(text);
  return port !== null && Number(port[1] ?? 1) >= 1 && Number(port[1] ?? 1) <= PORT_MAX;
}

function prefixMistakes(prefix: string | null): Violation[] {
  if (prefix === '')
    return [{ pointer: '/prefix', code: 'too_short', detail: 'It must have at least 1 character.' }];
  return lengthMistakes(prefix, '/prefix', PREFIX_LENGTH_MAX);
}

function lengthMistakes(text: string | null, pointer: string, max: number): Violation[] {
  if (text === null || lengthOf(text) <= max) return [];
  return [{ pointer, code: 'too_long', detail: `It must have at most ${max} characters.` }];
}

function listMistakes(
  items: readonly string[],
  pointer: string,
  { pattern, detail }: { readonly pattern: RegExp; readonly detail: string },
): Violation[] {
  if (items.length > FILTER_ITEMS_MAX) {
    const many = `It must have at most ${FILTER_ITEMS_MAX} items.`;
    return [{ pointer, code: 'too_many', detail: many }];
  }
  return items.flatMap((item, index) => {
    const place = `${pointer}/${index}`;
    if (item.length > FILTER_LENGTH_MAX || !pattern.test(item))
      return [{ pointer: place, code: 'pattern', detail }];
    if (items.indexOf(item) < index)
      return [{ pointer: place, code: 'duplicate', detail: 'It is said twice.' }];
    return [];
  });
}
