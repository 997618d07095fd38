import { isList, isMembers, memberAt } from './json.js';
import type { Json, JsonMembers } from './json.js';
import { APPLICATORS, SHELVES } from './keywords.js';
import type { Dialect } from './keywords.js';

/** A schema inside of a schema, or the whole. */
export interface Subschema {
  /** JSON Pointer from the root. */
  readonly pointer: string;
  readonly schema: Json;
  /** The schema around it, when both are about the same value; else null. */
  readonly around: string | null;
}

/** The root and every schema in it, each before those inside of it. Without recursion: any depth is walked. */
export function* subschemasOf(root: Json, dialect: Dialect): Generator<Subschema> {
  const open: Subschema[] = [{ pointer: '', schema: root, around: null }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    if (!isMembers(next.schema)) continue;
    for (const held of heldBy(next.schema, next.pointer, dialect)) open.push(held); // A spread of very many would overflow.
  }
}

/** Those that a schema holds itself. In draft-07 a reference stands alone: what is beside it says nothing. */
export function heldBy(schema: JsonMembers, pointer: string, dialect: Dialect): Subschema[] {
  const isReference = standsAlone(schema, dialect);
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const applicator = APPLICATORS[dialect].get(keyword);
    if (!applicator || (isReference && !SHELVES.has(keyword))) return [];
    const around = applicator.inPlace ? pointer : null;
    return parts(applicator.holds, value, memberAt(pointer, keyword)).map((part) => ({ ...part, around }));
  });
}

/** Whether nothing but its reference counts. */
export const standsAlone = (schema: JsonMembers, dialect: Dialect): boolean =>
  dialect === 'draft-07' && typeof schema['$ref'] === 'string';

type Part = Pick<Subschema, 'pointer' | 'schema'>;

function parts(holds: string, value: Json, pointer: string): Part[] {
  const isOfMap = holds === 'map' || holds === 'map-or-names';
  if (isOfMap && isMembers(value)) {
    return Object.entries(value)
      .filter(([, schema]) => holds === 'map' || !isList(schema))
      .map(([name, schema]) => ({ schema, pointer: memberAt(pointer, name) }));
  }
  if (holds.endsWith('list') && isList(value)) {
    return value.map((schema, index) => ({ schema, pointer: memberAt(pointer, index) }));
  }
  return holds.startsWith('schema') ? [{ schema: value, pointer }] : [];
}
