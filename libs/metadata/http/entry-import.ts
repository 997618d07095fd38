import { Injectable } from '@nestjs/common';
import { DomainError, InvalidInput, UnitOfWork } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { decodeUtf8, parseJson, refusalOf, validationPipe } from '#platform/http';
import type { BodyLine } from '#platform/http';
import { MetadataService } from '../application/metadata.service.js';
import type { Stored } from '../application/metadata.service.js';
import { MetadataQueries } from '../application/metadata.queries.js';
import { YamlSyntax } from '../domain/content.js';
import { EntryNotFound } from '../domain/errors.js';
import { entryId } from '../domain/identity.js';
import type { EntryId } from '../domain/identity.js';
import { ImportedEntry } from './import.dto.js';
import type { ImportMistake, ImportResponse } from './import.dto.js';
import { toNewEntry } from './entry.wire.js';

/** Lines of one transaction: enough to be fast, few enough for whoever reads the change log. */
const LINES_AT_ONCE = 200;
const BYTES_AT_ONCE = 4_194_304;
const MISTAKES_SHOWN_MAX = 1_000;
const EXACT = ['/value'];

/** How to import. */
export interface ImportOptions {
  readonly tenant: string | null;
  /** Where lines without a namespace go, and what `replace` replaces; null: each line says, and everything. */
  readonly namespace: string | null;
  readonly mode: 'merge' | 'replace';
  readonly isDryRun: boolean;
}

/** What became of a line. */
interface LineResult {
  readonly outcome: Stored['outcome'] | 'failed';
  /** Of the entry that it names. */
  readonly id?: string;
  readonly mistake?: ImportMistake;
}

interface Progress {
  readonly counts: Record<LineResult['outcome'] | 'deleted', number>;
  readonly mistakes: ImportMistake[];
  /** Ids of the entries that the import names. */
  readonly named: Set<string>;
}

/** Undoes what a dry run did, and tells what it was. */
class DryRun extends Error {
  constructor(readonly progress: Progress) {
    super();
  }
}

/** Reads entries line by line and makes what is stored look like them. */
@Injectable()
export class EntryImport {
  readonly #pipe = validationPipe();

  constructor(
    private readonly service: MetadataService,
    private readonly queries: MetadataQueries,
    private readonly unitOfWork: UnitOfWork,
    private readonly yaml: YamlSyntax,
  ) {}

  /**
   * The lines are read again from the first one when the database asks for it.
   * @throws InvalidInput when there are none and they would replace something
   */
  async run(lines: AsyncIterable<BodyLine>, options: ImportOptions): Promise<ImportResponse> {
    const work = (): Promise<Progress> => this.#all(lines, options);
    const { counts, mistakes } = await (options.isDryRun ? this.#undone(work) : work());
    return { dry_run: options.isDryRun, ...counts, errors: mistakes };
  }

  /** In one piece that is given up at the end, so that a dry run sees its own earlier lines. */
  async #undone(work: () => Promise<Progress>): Promise<Progress> {
    try {
      return await this.unitOfWork.runInTurn(() =>
        // An attempt, because the transaction may be that of an Idempotency-Key, and goes on.
        this.unitOfWork.attempt(async (): Promise<never> => {
          throw new DryRun(await work());
        }),
      );
    } catch (error) {
      if (error instanceof DryRun) return error.progress;
      throw error;
    }
  }

  async #all(lines: AsyncIterable<BodyLine>, options: ImportOptions): Promise<Progress> {
    const progress: Progress = {
      counts: { created: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0 },
      mistakes: [],
      named: new Set(),
    };
    let isEmpty = true;
    for await (const chunk of chunksOf(lines)) {
      isEmpty = false;
      for (const result of await this.#chunk(chunk, options)) note(result, progress);
    }
    if (options.mode === 'replace') {
      if (isEmpty) {
        const detail =
          'Replacing takes at least one entry. To delete all of them on purpose, send their deletes to /api/v1/metadata/batch.';
        throw InvalidInput.at('', 'required', detail);
      }
      if (progress.counts.failed === 0) await this.#deleteOthers(options, progress);
    }
    return progress;
  }

  /** The results are told when they are stored: an attempt that the database gave up counts for nothing. */
  #chunk(lines: readonly BodyLine[], options: ImportOptions): Promise<LineResult[]> {
    return this.unitOfWork.runInTurn(async () => {
      const results: LineResult[] = [];
      for (const line of lines) results.push(await this.#line(line, options));
      return results;
    });
  }

  async #line(line: BodyLine, options: ImportOptions): Promise<LineResult> {
    try {
      const { state, outcome } = await this.unitOfWork.attempt(async () =>
        this.#store(await this.#read(line, options), options),
      );
      return { outcome, id: state.id };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      const { code, detail = '', errors } = refusalOf(error, undefined).problem;
      return { outcome: 'failed', mistake: { line: line.number, code, detail, ...(errors && { errors }) } };
    }
  }

  /** @throws InvalidInput, BodyTooLarge */
  async #read({ bytes }: BodyLine, { namespace }: ImportOptions): Promise<ImportedEntry> {
    const parsed = parseJson(decodeUtf8(bytes), { exact: EXACT });
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
      throw InvalidInput.at('', 'type', 'A line is a JSON object.');
    const entry = (await this.#pipe.transform(parsed, {
      type: 'body',
      metatype: ImportedEntry,
    })) as ImportedEntry;
    return namespace === null ? entry : { ...entry, namespace: entry.namespace ?? namespace };
  }

  #store(line: ImportedEntry, options: ImportOptions): Promise<Stored> {
    const wanted = toNewEntry({ ...line, id: undefined }, options.tenant, this.yaml);
    const elsewhere = placesElsewhere({ ...line, namespace: wanted.name.namespace }, options);
    if (elsewhere.length > 0) throw new InvalidInput(elsewhere);
    return this.service.upsert(wanted, { createOnly: false, ifVersion: null });
  }

  async #deleteOthers({ tenant, namespace }: ImportOptions, progress: Progress): Promise<void> {
    for await (const { id } of this.queries.all(tenant, namespace, 'redacted')) {
      if (!progress.named.has(id) && (await this.#delete(entryId(id)))) progress.counts.deleted += 1;
    }
  }

  /** False when somebody else took it away meanwhile: then it is as it should be. */
  async #delete(id: EntryId): Promise<boolean> {
    try {
      await this.service.delete({ id, ifVersion: null }, 'Not in the import that replaced all.');
      return true;
    } catch (error) {
      if (error instanceof EntryNotFound) return false;
      throw error;
    }
  }
}

function note({ outcome, id, mistake }: LineResult, { counts, mistakes, named }: Progress): void {
  counts[outcome] += 1;
  if (id !== undefined) named.add(id);
  if (mistake && mistakes.length < MISTAKES_SHOWN_MAX) mistakes.push(mistake);
}

/** A line belongs where the import goes, or says nothing of it: it is neither moved nor read over. */
function placesElsewhere(line: ImportedEntry, { tenant, namespace }: ImportOptions): Violation[] {
  const violations: Violation[] = [];
  if (line.tenant_id !== undefined && line.tenant_id !== tenant) {
    const whose = tenant === null ? 'for the entries of all tenants' : `for the tenant "${tenant}"`;
    violations.push({ pointer: '/tenant_id', code: 'other_tenant', detail: `The import is ${whose}.` });
  }
  if (namespace !== null && line.namespace !== namespace) {
    const detail = `The import is for the namespace "${namespace}".`;
    violations.push({ pointer: '/namespace', code: 'other_namespace', detail });
  }
  return violations;
}

/** Some lines at a time: not too many, and not too much. */
async function* chunksOf(lines: AsyncIterable<BodyLine>): AsyncGenerator<BodyLine[]> {
  let chunk: BodyLine[] = [];
  let bytes = 0;
  for await (const line of lines) {
    chunk.push(line);
    bytes += line.size;
    if (chunk.length < LINES_AT_ONCE && bytes < BYTES_AT_ONCE) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}
