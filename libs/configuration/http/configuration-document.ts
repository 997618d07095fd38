import { Injectable } from '@nestjs/common';
import { CatalogReferenceUnknown } from '#catalog';
import { Breather, InvalidInput } from '#shared-kernel';
import type { DomainError, Violation } from '#shared-kernel';
import { at, expectNone, isMembers, Reading } from '#platform/http';
import type {
  ConfigurationDocument,
  ImportedConfiguration,
} from '../application/configuration-transfer.service.js';
import { placeOf } from '../application/import-matching.js';
import type { SchemaName } from '../application/schema-names.js';
import { ConfigurationBodies } from './configuration-bodies.js';

export const DOCUMENT_FORMAT = 'metastore-configuration-export/1';

const ITEMS_MAX = 10_000;
const NAME_LENGTH_MAX = 255;
/** What a configuration has elsewhere, and not in a document. */
const NOT_OURS = ['id', 'tenant_id', 'schema_id', 'change_reason'];

/** What a document is for: whose it becomes, and of which service, name and environment alone it may speak. */
export interface Bounds {
  readonly tenant: string | null;
  readonly within: {
    readonly service_id?: string | undefined;
    readonly name?: string | undefined;
    readonly environment?: string | undefined;
  };
}

/** From documents in our own format to what is to be stored; everything that is wrong is told together. */
@Injectable()
export class ConfigurationDocuments {
  constructor(private readonly bodies: ConfigurationBodies) {}

  /** @throws InvalidInput */
  async read(
    body: unknown,
    bounds: Bounds,
  ): Promise<Pick<ConfigurationDocument, 'configurations' | 'tenant'>> {
    const reading = new Reading();
    const members = reading.object(body, '', ['format', 'configurations']);
    if (members['format'] !== undefined) reading.choice(members['format'], '/format', [DOCUMENT_FORMAT]);
    const items = isMembers(body) ? reading.list(members['configurations'], '/configurations') : [];
    if (items.length > ITEMS_MAX)
      reading.note('too_many', '/configurations', `There are at most ${ITEMS_MAX}.`);
    const violations: Violation[] = [];
    const configurations: ImportedConfiguration[] = [];
    const breather = new Breather();
    for (const [index, item] of items.slice(0, ITEMS_MAX).entries()) {
      const pointer = at('/configurations', index);
      await breather.pause();
      try {
        configurations.push(await this.#item(item, pointer, bounds));
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        violations.push(...within(pointer, error.violations));
      }
    }
    expectNone([...reading.violations, ...violations, ...duplicates(configurations)]);
    return { tenant: bounds.tenant, configurations };
  }

  /** @throws InvalidInput with places within the configuration */
  async #item(
    item: unknown,
    pointer: string,
    { tenant, within: names }: Bounds,
  ): Promise<ImportedConfiguration> {
    if (!isMembers(item)) throw InvalidInput.at('', 'type', 'It must be an object.');
    const reading = new Reading();
    const { schema: sent, ...rest } = item;
    for (const name of NOT_OURS.filter((one) => rest[one] !== undefined))
      reading.note('unknown_property', at('', name), 'A document has no such property.');
    for (const [name, value] of Object.entries(names)) {
      if (value === undefined || rest[name] === undefined || rest[name] === value) continue;
      reading.note('out_of_bounds', at('', name), `The import is for ${value} alone.`);
    }
    const schema = readSchema(sent ?? null, reading);
    const ours = Object.entries({ ...names, ...rest }).filter(([name]) => !NOT_OURS.includes(name));
    const { scope, content, id } = await readBeside(reading, () =>
      this.bodies.toNew({ ...Object.fromEntries(ours), tenant_id: tenant }),
    );
    return {
      ...{ pointer, scope, schema, newId: id },
      content: () => content,
      placeOf: (place) => `${pointer}${inDocument(place)}`,
      violationsOf: (error) => placed(error, (place) => `${pointer}${inDocument(place)}`),
    };
  }
}

/** What a refusal says, at the places of what was sent. */
export function placed(error: DomainError, relocate: (pointer: string) => string): Violation[] {
  if (error instanceof InvalidInput || error instanceof CatalogReferenceUnknown)
    return error.violations.map((violation) => ({ ...violation, pointer: relocate(violation.pointer) }));
  const { conflicting_id: other } = error.facts;
  const detail = typeof other === 'string' ? `${error.message} It is ${other}.` : error.message;
  return [{ pointer: relocate(''), code: error.code, detail }];
}

/** A document names schemas; by id only the rest of the service knows them. */
const inDocument = (pointer: string): string => (pointer === '/schema_id' ? '/schema' : pointer);

function readSchema(sent: unknown, reading: Reading): SchemaName | null {
  if (sent === null) return null;
  const { name, version, shared } = reading.object(sent, '/schema', ['name', 'version', 'shared']);
  if (!isMembers(sent)) return null;
  return {
    name: reading.text(name, '/schema/name', NAME_LENGTH_MAX),
    version: reading.text(version, '/schema/version', NAME_LENGTH_MAX),
    ...(shared !== undefined && { isShared: reading.yesNo(shared, '/schema/shared') }),
  };
}

/** Of inactive ones there may be several in one place. */
function duplicates(configurations: readonly ImportedConfiguration[]): Violation[] {
  const seen = new Map<string, string>();
  return configurations.flatMap((imported) => {
    const { scope, pointer } = imported;
    const content = imported.content(null);
    if (!content.isActive) return [];
    const place = placeOf(scope, content);
    const earlier = seen.get(place);
    seen.set(place, earlier ?? pointer);
    if (earlier === undefined) return [];
    return [{ pointer, code: 'duplicate', detail: `It is in the document already, at ${earlier}.` }];
  });
}

const within = (pointer: string, violations: readonly Violation[]): Violation[] =>
  violations.map((violation) => ({ ...violation, pointer: `${pointer}${violation.pointer}` }));

/** What the rest of an item breaks is told with what was noted before. @throws InvalidInput */
async function readBeside<T>(reading: Reading, read: () => Promise<T>): Promise<T> {
  const violations = [...reading.violations];
  try {
    const result = await read();
    if (violations.length === 0) return result;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    violations.push(...error.violations);
  }
  throw new InvalidInput(violations);
}
