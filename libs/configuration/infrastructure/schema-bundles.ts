import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import { admittedSchema } from '#platform/json-schema';
import type { SchemaBundle, SchemaText } from '#platform/json-schema';
import type { SchemaReference } from '../domain/config-schema.js';
import type { JsonValue } from '../domain/json.js';
import { SchemaNotFound } from '../domain/schema-errors.js';
import { referenceFrom } from './json-schema.table.js';

/** Of all schemas that one refers to, directly or not. */
export const TOGETHER_MAX = 50;

interface Stored {
  readonly id: string;
  readonly json_schema: JsonValue;
  readonly refs: readonly string[];
}

/** Schemas with everything that they refer to, as the platform checks documents against them. */
@Injectable()
export class SchemaBundles {
  constructor(private readonly database: Database) {}

  /** @throws SchemaNotFound */
  async ofId(id: string): Promise<SchemaBundle> {
    const [root, ...others] = (await this.#withAll([id], 1 + TOGETHER_MAX)) ?? [];
    if (!root) throw new SchemaNotFound();
    return [root, ...others];
  }

  /** Of one that is not stored; null where it refers to too many, which are not read then. */
  async of(root: SchemaText, references: readonly SchemaReference[]): Promise<SchemaBundle | null> {
    const others = await this.#withAll(
      references.map(({ id }) => id),
      TOGETHER_MAX,
    );
    return others && [root, ...others];
  }

  /** In the order in which they are named, each once; references are bound, so that they lead in no circle. */
  async #withAll(ids: readonly string[], max: number): Promise<SchemaText[] | null> {
    const found = new Map<string, SchemaText>();
    let wanted = [...new Set(ids)];
    while (wanted.length > 0) {
      if (found.size + wanted.length > max) return null;
      const rows = await this.#read(wanted);
      for (const row of rows.toSorted((a, b) => wanted.indexOf(a.id) - wanted.indexOf(b.id))) {
        found.set(row.id, textOf(row));
      }
      const named = rows.flatMap(({ refs }) => refs.map((ref) => referenceFrom(ref).id as string));
      wanted = [...new Set(named)].filter((id) => !found.has(id));
    }
    return [...found.values()];
  }

  #read(ids: readonly string[]): Promise<Stored[]> {
    return this.database.read<Stored>({
      name: 'schema_texts',
      text: `select id, json_schema, refs from configuration.json_schema where id = any ($1)`,
      values: [ids],
    });
  }
}

function textOf({ id, json_schema: schema, refs }: Stored): SchemaText {
  const { text, dialect } = admittedSchema(schema);
  const others = refs.map(referenceFrom).map(({ name, version, id: key }) => [`${name}:${version}`, key]);
  return { key: id, dialect, text, others: Object.fromEntries(others) as Record<string, string> };
}
