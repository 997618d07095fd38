import { v7 as uuidv7 } from 'uuid';
import { Breather, InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { at, isMembers, TextBody } from '#platform/http';
import { parseYamlStream } from '#platform/yaml';
import type { CatalogImport, ImportedEntity, ImportRemark } from '../application/catalog-import.js';
import { readEntity, refOf, refWithin } from '../domain/backstage/entity.js';
import type { Entity } from '../domain/backstage/entity.js';
import { factsOf } from '../domain/backstage/entity-facts.js';
import { inNormalForm } from '../domain/backstage/normal-form.js';
import type { Described } from '../domain/backstage/normal-form.js';

export const EXPORT_FORMAT = 'metastore-catalog-export/1';
const ENTITIES_MAX = 10_000;

/** One entity as it was sent. */
interface Sent {
  readonly value: unknown;
  readonly violations: readonly Violation[];
  /** A remark on it, at its place in what was sent. */
  place(violation: Violation): Violation;
}

type Reading = Pick<CatalogImport, 'entities' | 'errors' | 'unread'>;

/**
 * Reads what was sent, each entity by itself; whatever else the process does goes on meanwhile.
 * @throws InvalidInput when it cannot be read at all
 */
export async function readCatalog(body: unknown): Promise<Reading> {
  const sent = body instanceof TextBody ? await readText(body) : readJson(body);
  if (sent.length > ENTITIES_MAX)
    throw InvalidInput.at('', 'too_many', `There are at most ${ENTITIES_MAX} entities in an import.`);
  const entities = new Map<string, { readonly entity: Entity; readonly sent: Sent }>();
  const errors: ImportRemark[] = [];
  const unread: (string | null)[] = [];
  const breather = new Breather();
  for (const one of sent) {
    await breather.pause();
    const ref = refWithin(one.value);
    const read = one.violations.length > 0 ? one : readWhole(one.value);
    if ('entity' in read && !entities.has(refOf(read.entity))) {
      entities.set(refOf(read.entity), { entity: read.entity, sent: one });
      continue;
    }
    const violations = 'entity' in read ? [AGAIN] : read.violations;
    errors.push(...violations.map((violation) => ({ ...one.place(violation), entity: ref })));
    unread.push(ref);
  }
  const described: ImportedEntity[] = [];
  for (const one of inNormalForm([...entities.values()].map(({ entity }) => entity))) {
    await breather.pause();
    described.push(asImported(one, entities.get(one.ref)?.sent));
  }
  return {
    entities: described,
    errors,
    unread: unread.includes(null) ? null : unread.filter((ref) => ref !== null),
  };
}

const AGAIN = { pointer: '', code: 'duplicate', detail: 'It is in the import already.' };

/** An entity that says something, or why it says nothing. */
function readWhole(value: unknown): ReturnType<typeof readEntity> {
  const read = readEntity(value);
  if ('violations' in read) return read;
  const { violations } = factsOf(read.entity);
  return violations.length > 0 ? { violations } : read;
}

function asImported(described: Described, sent: Sent | undefined): ImportedEntity {
  const { ref, facts } = described;
  const remark = (violation: Violation): ImportRemark => {
    const moved = { ...violation, pointer: inEntity(violation.pointer, facts.is) };
    return { ...(sent ? sent.place(moved) : moved), entity: ref };
  };
  return { ...described, newId: uuidv7(), remark };
}

async function readText({ text }: TextBody): Promise<Sent[]> {
  const documents = await parseYamlStream(text, ENTITIES_MAX);
  return documents.map((document) => ({
    value: document.value,
    violations: document.violations,
    place: (violation) => ({ ...violation, line: violation.line ?? document.lineOf(violation.pointer) }),
  }));
}

/** One entity, a list, or `{items}` as the export and Backstage's own API have it. @throws InvalidInput */
function readJson(body: unknown): Sent[] {
  if (Array.isArray(body)) return placed(body, '');
  if (!isMembers(body))
    throw InvalidInput.at('', 'required', 'There has to be a body: entities in YAML or JSON.');
  if (body['items'] === undefined) return [asSent(body, '')];
  const { items, format = EXPORT_FORMAT } = body;
  if (format !== EXPORT_FORMAT) throw InvalidInput.at('/format', 'choice', `It is ${EXPORT_FORMAT}.`);
  if (!Array.isArray(items)) throw InvalidInput.at('/items', 'type', 'It must be a list.');
  return placed(items, '/items');
}

const placed = (items: readonly unknown[], pointer: string): Sent[] =>
  items.map((item, index) => asSent(item, at(pointer, index)));

const asSent = (value: unknown, pointer: string): Sent => ({
  value,
  violations: [],
  place: (violation) => ({ ...violation, pointer: `${pointer}${violation.pointer}` }),
});

const NOTED = '/metadata/annotations/metastore.io~1';
const COMMON: readonly (readonly [string, string])[] = [
  ['/labels', '/metadata/labels'],
  ['/description', '/metadata/description'],
];
const MEMBERS: Readonly<Record<ImportedEntity['facts']['is'], readonly (readonly [string, string])[]>> = {
  user: [
    ...COMMON,
    ['/name', '/spec/profile/displayName'],
    ['/email', '/spec/profile/email'],
    ['/user_id', '/spec'],
  ],
  team: [
    ...COMMON,
    ['/name', '/spec/profile/displayName'],
    ['/email', '/spec/profile/email'],
    ['/slug', '/metadata/name'],
    ['/parent_team_id', '/spec/parent'],
    ['/user_id', '/spec/members'],
  ],
  resource: [
    ...COMMON,
    ['/namespace', '/metadata/namespace'],
    ['/name', '/metadata/name'],
    ['/type', '/spec/type'],
    ['/environment', `${NOTED}environment`],
    ['/owner_team_id', '/spec/owner'],
    ['/annotations', '/metadata/annotations'],
    ['/links', '/metadata/links'],
    ['/endpoints', `${NOTED}endpoints`],
    ['/ttl_seconds', `${NOTED}ttl-seconds`],
  ],
};

/** Where a member of the catalog stands in an entity. */
function inEntity(pointer: string, is: ImportedEntity['facts']['is']): string {
  const known = MEMBERS[is].find(([member]) => pointer === member || pointer.startsWith(`${member}/`));
  if (!known) return pointer;
  const [member, place] = known;
  return member === '/endpoints' ? place : `${place}${pointer.slice(member.length)}`;
}
