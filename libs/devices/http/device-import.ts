import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { DomainError, InvalidInput, UnitOfWork } from '#shared-kernel';
import { checkBody, refusalOf } from '#platform/http';
import { DeviceService } from '../application/device.service.js';
import type { DeviceUpsert, StoredDevice } from '../application/device.service.js';
import { DeviceImportRefused } from '../domain/device-errors.js';
import { deviceId } from '../domain/identity.js';
import { LINES_MAX } from './csv-devices.js';
import type { ImportLine } from './csv-devices.js';
import { DevicePreparation } from './device-batch.js';
import { BLANK, readDevice } from './device-bodies.js';
import { ImportedDevice } from './device.dto.js';
import type { DeviceImportMistake, DeviceImportResponse } from './device-import.dto.js';

/** Lines of one transaction: enough to be fast, few enough for whoever reads the change log. */
const LINES_AT_ONCE = 200;
const MISTAKES_SHOWN_MAX = 1_000;

/** How to import. */
export interface ImportOptions {
  readonly tenant: string | null;
  readonly mode: 'partial' | 'atomic';
  readonly isDryRun: boolean;
  readonly reason: string | null;
}

interface Progress {
  readonly counts: Record<StoredDevice['outcome'] | 'failed', number>;
  readonly mistakes: DeviceImportMistake[];
}

/** What became of a line. */
type LineResult = StoredDevice['outcome'] | readonly DeviceImportMistake[];

/** Undoes what a dry run did, and tells what it was. */
class DryRun extends Error {
  constructor(readonly progress: Progress) {
    super();
  }
}

/** Makes devices look as the lines say: found by id, else by address, else registered. */
@Injectable()
export class DeviceImport {
  constructor(
    private readonly service: DeviceService,
    private readonly preparation: DevicePreparation,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws InvalidInput when there are too many, DeviceImportRefused when all or nothing is nothing */
  async run(lines: readonly ImportLine[], options: ImportOptions): Promise<DeviceImportResponse> {
    if (lines.length > LINES_MAX) {
      const detail = `An import has at most ${LINES_MAX} devices.`;
      throw InvalidInput.at('', 'too_many', detail);
    }
    const { mode, isDryRun } = options;
    const { counts, mistakes } = isDryRun
      ? await this.#undone(lines, options)
      : mode === 'atomic'
        ? await this.unitOfWork.runInTurn(() => this.#whole(lines, options))
        : await this.#byPortions(lines, options);
    return { dry_run: isDryRun, mode, ...counts, errors: mistakes };
  }

  /** The results are told when they are stored: an attempt that the database gave up counts for nothing. */
  async #byPortions(lines: readonly ImportLine[], options: ImportOptions): Promise<Progress> {
    const progress = noProgress();
    for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
      const some = lines.slice(start, start + LINES_AT_ONCE);
      note(await this.unitOfWork.runInTurn(() => this.#store(some, options)), progress);
    }
    return progress;
  }

  /** @throws DeviceImportRefused */
  async #whole(lines: readonly ImportLine[], options: ImportOptions): Promise<Progress> {
    const progress = await this.#all(lines, options);
    if (progress.counts.failed > 0) throw new DeviceImportRefused(progress.mistakes);
    return progress;
  }

  async #all(lines: readonly ImportLine[], options: ImportOptions): Promise<Progress> {
    const progress = noProgress();
    for (let start = 0; start < lines.length; start += LINES_AT_ONCE)
      note(await this.#store(lines.slice(start, start + LINES_AT_ONCE), options), progress);
    return progress;
  }

  /** In one piece that is given up at the end, so that a dry run sees its own earlier lines. */
  async #undone(lines: readonly ImportLine[], options: ImportOptions): Promise<Progress> {
    try {
      return await this.unitOfWork.runInTurn(() =>
        // An attempt, because the transaction may be that of an Idempotency-Key, and goes on.
        this.unitOfWork.attempt(async (): Promise<never> => {
          throw new DryRun(await this.#all(lines, options));
        }),
      );
    } catch (error) {
      if (error instanceof DryRun) return error.progress;
      throw error;
    }
  }

  async #store(lines: readonly ImportLine[], options: ImportOptions): Promise<LineResult[]> {
    await this.preparation.of(
      lines.map(({ sent }) => sent),
      options.tenant,
    );
    const results: LineResult[] = [];
    for (const line of lines) results.push(await this.#line(line, options));
    return results;
  }

  async #line(line: ImportLine, options: ImportOptions): Promise<LineResult> {
    try {
      return (await this.service.upsert(await toUpsert(line, options))).outcome;
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      const { code, detail = '', errors } = refusalOf(error, undefined).problem;
      const mistakes = errors ?? [{ pointer: '', code, detail }];
      return mistakes.map((one) => ({ ...one, line: line.line }));
    }
  }
}

const noProgress = (): Progress => ({
  counts: { created: 0, updated: 0, unchanged: 0, failed: 0 },
  mistakes: [],
});

function note(results: readonly LineResult[], { counts, mistakes }: Progress): void {
  for (const result of results) {
    counts[typeof result === 'string' ? result : 'failed'] += 1;
    if (typeof result === 'string') continue;
    mistakes.push(...result.slice(0, MISTAKES_SHOWN_MAX - mistakes.length));
  }
}

/** What the server decides, as lists and exports have it, is read over. */
const SERVERS_OWN: ReadonlySet<string> = new Set([
  ...['version', 'created_at', 'created_by', 'updated_at', 'updated_by', 'connectivity', 'last_seen_at'],
]);

/** @throws InvalidInput with everything that is wrong with the line */
async function toUpsert(
  { sent, mistakes }: ImportLine,
  { tenant, reason: reasonOfAll }: ImportOptions,
): Promise<DeviceUpsert> {
  const { tenant_id: named, ...members } = sent;
  const said = Object.fromEntries(Object.entries(members).filter(([name]) => !SERVERS_OWN.has(name)));
  const checked = await checkBody(ImportedDevice, said);
  const others = [...mistakes];
  if (named !== undefined && named !== tenant) {
    const detail = 'The import is for another tenant.';
    others.push({ pointer: '/tenant_id', code: 'other_tenant', detail });
  }
  const { id = null, mac_address: mac, device_type: deviceType, change_reason } = checked.body;
  const reason = change_reason ?? reasonOfAll;
  const hasName = (id !== null && id !== undefined) || typeof mac === 'string';
  if (!hasName && !mistakes.some(({ pointer }) => pointer === '')) {
    const detail = 'Say mac_address or id, so that the same import again finds the same device.';
    others.push({ pointer: '/mac_address', code: 'required', detail });
  }
  const revision = readDevice(checked, { labels: {}, attributes: {}, desired: {} }, 'replace', others);
  return {
    id: id === null ? null : deviceId(id),
    mac: revision.macAddress ?? null,
    tenant,
    ifVersion: null,
    reason,
    revise: () => revision,
    create: () => {
      if (deviceType === undefined) throw InvalidInput.at('/device_type', 'required', 'It is required.');
      const content = { ...BLANK, ...revision, deviceType };
      const newId = deviceId(id ?? uuidv7());
      return { id: newId, idIsGiven: id !== null, tenant, content, reason };
    },
  };
}
