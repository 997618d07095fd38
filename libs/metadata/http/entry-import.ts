import { Injectable } from '@nestjs/common';
import { DomainError, InvalidInput, UnitOfWork } from '#shared-kernel';
import { decodeUtf8, parseJson, refusalOf, validationPipe } from '#platform/http';
import type { BodyLine } from '#platform/http';
import { MetadataService } from '../application/metadata.service.js';
import type { Stored } from '../application/metadata.service.js';
import { MetadataQueries } from '../application/metadata.queries.js';
import { YamlSyntax } from '../domain/content.js';
import { entryId } from '../domain/identity.js';
import { ImportedEntry } from './import.dto.js';
import type { ImportMistake, ImportResponse } from './import.dto.js';
import { toNewEntry } from './entry.wire.js';

/** Lines of one transaction: enough to be fast, few enough for whoever reads the change log. */
const LINES_AT_ONCE = 200;
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

/** Undoes what a dry run did. */
class DryRun extends Error {}

interface Progress {
  readonly counts: Record<Stored['outcome'] | 'deleted' | 'failed', number>;
  readonly mistakes: ImportMistake[];
  /** Ids of the entries that the import names. */
  readonly named: Set<string>;
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

  async run(lines: AsyncIterable<BodyLine>, options: ImportOptions): Promise<ImportResponse> {
    const progress: Progress = {
      counts: { created: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0 },
      mistakes: [],
      named: new Set(),
    };
    if (options.isDryRun) await this.#undone(() => this.#all(lines, options, progress));
    else await this.#all(lines, options, progress);
    return { dry_run: options.isDryRun, ...progress.counts, errors: progress.mistakes };
  }

  /** In one transaction that is given up at the end, so that a dry run sees its own earlier lines. */
  async #undone(work: () => Promise<void>): Promise<void> {
    try {
      await this.unitOfWork.runInTurn(async () => {
        await work();
        throw new DryRun();
      });
    } catch (error) {
      if (!(error instanceof DryRun)) throw error;
    }
  }

  async #all(lines: AsyncIterable<BodyLine>, options: ImportOptions, progress: Progress): Promise<void> {
    let chunk: BodyLine[] = [];
    for await (const line of lines) {
      chunk.push(line);
      if (chunk.length < LINES_AT_ONCE) continue;
      await this.#chunk(chunk, options, progress);
      chunk = [];
    }
    await this.#chunk(chunk, options, progress);
    if (options.mode === 'replace' && progress.counts.failed === 0)
      await this.#deleteOthers(options, progress);
  }

  async #chunk(lines: readonly BodyLine[], options: ImportOptions, progress: Progress): Promise<void> {
    await this.unitOfWork.runInTurn(async () => {
      for (const line of lines) await this.#line(line, options, progress);
    });
  }

  async #line(line: BodyLine, options: ImportOptions, progress: Progress): Promise<void> {
    try {
      const { state, outcome } = await this.unitOfWork.attempt(async () =>
        this.#store(await this.#read(line, options), options),
      );
      progress.counts[outcome] += 1;
      progress.named.add(state.id);
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      progress.counts.failed += 1;
      const { code, detail = '', errors } = refusalOf(error, undefined).problem;
      if (progress.mistakes.length < MISTAKES_SHOWN_MAX) {
        progress.mistakes.push({ line: line.number, code, detail, ...(errors && { errors }) });
      }
    }
  }

  /** @throws InvalidInput */
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

  async #store(line: ImportedEntry, { tenant, namespace }: ImportOptions): Promise<Stored> {
    const wanted = toNewEntry({ ...line, id: undefined }, tenant, this.yaml);
    if (namespace !== null && wanted.name.namespace !== namespace) {
      throw InvalidInput.at(
        '/namespace',
        'other_namespace',
        `The import is for the namespace "${namespace}".`,
      );
    }
    return this.service.upsert(wanted, { createOnly: false, ifVersion: null });
  }

  async #deleteOthers({ tenant, namespace }: ImportOptions, progress: Progress): Promise<void> {
    for await (const entry of this.queries.all(tenant, namespace, 'redacted')) {
      if (progress.named.has(entry.id)) continue;
      await this.service.delete(
        { id: entryId(entry.id), ifVersion: null },
        'Not in the import that replaced all.',
      );
      progress.counts.deleted += 1;
    }
  }
}
