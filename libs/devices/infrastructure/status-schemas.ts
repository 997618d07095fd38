import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DomainError } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { Database } from '#platform/database';
import { JsonSchemaPool, lintSchema } from '#platform/json-schema';
import type { SchemaBundle } from '#platform/json-schema';
import { StatusInvalid } from '../domain/report-errors.js';

const TYPES_MAX = 1_000;
const TOO_EXPENSIVE = 'schema_too_expensive';

/** Which state of a device type. */
export interface TypeVersion {
  readonly id: string;
  readonly version: number;
}

/** What a type says of the status of its devices. */
export interface StatusRules {
  /** None: any. */
  readonly values: readonly string[];
  /** Null: any data. */
  readonly schema: SchemaBundle | null;
}

interface TypeRow extends TypeVersion {
  readonly status_values: readonly string[];
  readonly status_data_schema: unknown;
}

/** Null for what is right. */
export type Verdict = DomainError | null;

/** What types say of status; a version of a type never changes, so that it is read once. */
@Injectable()
export class StatusSchemas {
  readonly #known = new LRUCache<string, StatusRules>({ max: TYPES_MAX });

  constructor(
    private readonly database: Database,
    private readonly pool: JsonSchemaPool,
  ) {}

  /** By `keyOfType`, in the open unit of work; one that was changed meanwhile is as it was changed. */
  async rulesOf(types: readonly TypeVersion[]): Promise<ReadonlyMap<string, StatusRules>> {
    const rules = new Map<string, StatusRules>();
    const unknown: TypeVersion[] = [];
    for (const type of types) {
      const known = this.#known.get(keyOfType(type));
      if (known) rules.set(keyOfType(type), known);
      else unknown.push(type);
    }
    if (unknown.length === 0) return rules;
    const rows = await this.database.read<TypeRow>({
      name: 'device_types_of_reports',
      text: `select id, version, status_values, status_data_schema from devices.device_type where id = any ($1)`,
      values: [unknown.map(({ id }) => id)],
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const type of unknown) {
      const row = byId.get(type.id);
      if (!row) continue;
      const read = { values: row.status_values, schema: bundleOf(row) };
      this.#known.set(keyOfType(row), read);
      rules.set(keyOfType(type), read);
    }
    return rules;
  }

  /** Of each document; all together in one go. @throws SchemaTooExpensive for all where one is, ValidationBusy */
  async check(tenant: string | null, schema: SchemaBundle, documents: readonly string[]): Promise<Verdict[]> {
    const texts = [...new Set(documents)];
    const found = await this.pool.check(
      tenant,
      schema,
      texts.map((text) => ({ text, secretsAt: [] })),
    );
    const byText = new Map(texts.map((text, index) => [text, refusalOf(found[index] ?? [])]));
    return documents.map((text) => byText.get(text) ?? null);
  }

  /** The same where one of them is too expensive: it is found by halves, and is refused alone. */
  async checkApart(
    tenant: string | null,
    schema: SchemaBundle,
    documents: readonly string[],
  ): Promise<Verdict[]> {
    try {
      return await this.check(tenant, schema, documents);
    } catch (error) {
      if (!isTooExpensive(error)) throw error;
      if (documents.length === 1) return [error];
      const middle = documents.length >> 1;
      return [
        ...(await this.checkApart(tenant, schema, documents.slice(0, middle))),
        ...(await this.checkApart(tenant, schema, documents.slice(middle))),
      ];
    }
  }
}

export const isTooExpensive = (error: unknown): error is DomainError =>
  error instanceof DomainError && error.code === TOO_EXPENSIVE;

export const keyOfType = ({ id, version }: TypeVersion): string => `${id}:${version}`;

function bundleOf({ status_data_schema: schema, ...type }: TypeRow): SchemaBundle | null {
  if (schema === null) return null;
  const { dialect, text } = lintSchema(schema as Parameters<typeof lintSchema>[0]);
  return [{ key: `status:${keyOfType(type)}`, dialect, text, others: {} }];
}

type Found = Awaited<ReturnType<JsonSchemaPool['check']>>[number];

function refusalOf(found: Found): StatusInvalid | null {
  if (found.length === 0) return null;
  return new StatusInvalid(
    found.map(({ pointer, keyword, detail }): Violation => ({
      pointer: `/data${pointer}`,
      code: keyword,
      detail,
    })),
  );
}
