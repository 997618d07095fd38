import { Injectable } from '@nestjs/common';
import { DomainError } from '#shared-kernel';
import { ChangeLog } from '#platform/change-log';
import { CallContext, SHARED_TENANT, tenantColumn, TenantForbidden } from '#platform/context';
import { Database } from '#platform/database';
import type { Transaction } from '#platform/database';
import type { ReportingName } from '../application/device-reports.js';
import { DeviceNotFound } from '../domain/device-errors.js';
import { LiveDevice } from '../domain/live-device.js';
import type { Past } from '../domain/live-device.js';
import type { Outcome } from '../domain/report.js';
import { changeOf } from './report-acts.js';
import { PastReports } from './past-reports.js';
import {
  INSERT_HISTORY,
  liveOf,
  lockLive,
  readReporters,
  reportingOf,
  updateLive,
} from './report-statements.js';
import type { Breadth, ChangedLive, LiveRow, ReporterRow } from './report-statements.js';
import { StatusVerdicts } from './status-verdicts.js';
import type { Outcomes, Reporter, Submission } from './submission.js';
import { keyOfType, StatusSchemas } from './status-schemas.js';
import type { StatusRules, TypeVersion } from './status-schemas.js';

/** What was found under the lock. */
interface Found {
  readonly now: Date;
  readonly reporters: ReadonlyMap<string, Reporter>;
  readonly refusals: Map<number, DomainError>;
  readonly rules: ReadonlyMap<string, StatusRules>;
}

/**
 * Writes reports with a handful of statements, however many there are: the devices are locked and read in one round trip,
 * everything is decided in memory, and what comes of it travels with the commit.
 */
@Injectable()
export class SqlReportWriter {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly log: ChangeLog,
    private readonly schemas: StatusSchemas,
  ) {}

  /**
   * All in one transaction.
   * @throws DatabaseUnavailable, DatabaseBusy, ValidationBusy: then nothing was written
   */
  async write(submissions: readonly Submission[]): Promise<Outcomes> {
    const verdicts = new StatusVerdicts(this.schemas, this.context.current.caller.tenant, submissions);
    for (;;) {
      const written = await this.database.run(() => this.#attempt(submissions, verdicts));
      if (written) return written;
      await verdicts.findApart(); // With no lock held: it may take its time.
    }
  }

  /** Null where nothing was written because a document has to be looked at by itself first. */
  async #attempt(submissions: readonly Submission[], verdicts: StatusVerdicts): Promise<Outcomes | null> {
    const breadth = submissions.some(({ report }) => report.kind === 'reported') ? 'with-reported' : 'status';
    const found = await this.#find(submissions, breadth);
    if (!(await verdicts.find(found.reporters.values(), found.rules))) return null;
    const past = await PastReports.read(this.database, submissions, found.reporters.values());
    const outcomes: (Outcome | Error)[] = [];
    const changes: { device: LiveDevice; reporter: Reporter }[] = [];
    for (const reporter of found.reporters.values()) {
      const device = deviceOf(reporter, found.rules, past.of(reporter.row.id));
      for (const place of reporter.places) {
        const submission = submissions[place];
        if (submission) outcomes[place] = verdicts.of(place) ?? taken(device, submission, found.now);
      }
      if (device.isChanged || device.entries.length > 0) changes.push({ device, reporter });
    }
    for (const [place, refusal] of found.refusals) outcomes[place] = refusal;
    if (changes.length > 0) this.#store(changes, found.now, breadth);
    return outcomes;
  }

  async #find(submissions: readonly Submission[], breadth: Breadth): Promise<Found> {
    const names = submissions.map(({ device }) => device);
    const reporting = { ...reportingOf(names), breadth };
    const { transaction } = this.database;
    const [live, read] = await Promise.all([
      transaction.query<LiveRow>(lockLive(reporting)),
      transaction.query<ReporterRow>(readReporters(reporting)),
    ]);
    const locked = new Map(live.rows.map((row) => [row.device_id, row]));
    const finder = new Finder(read.rows, this.context.current.caller.tenant);
    const reporters = new Map<string, Reporter>();
    const refusals = new Map<number, DomainError>();
    for (const [place, name] of names.entries()) {
      const row = finder.find(name);
      const its = row && locked.get(row.id);
      if (row && its) {
        const known = reporters.get(row.id);
        if (known) known.places.push(place);
        else reporters.set(row.id, { row, type: typeOf(row), before: liveOf(its), places: [place] });
      } else refusals.set(place, finder.refusalOf(row));
    }
    const types = new Map<string, TypeVersion>();
    for (const { type } of reporters.values()) if (type) types.set(keyOfType(type), type);
    const rules = await this.schemas.rulesOf([...types.values()]);
    return { now: read.rows[0]?.now ?? new Date(0), reporters, refusals, rules };
  }

  /** Everything goes with the commit: nobody waits for it but the commit itself. */
  #store(changes: readonly { device: LiveDevice; reporter: Reporter }[], now: Date, breadth: Breadth): void {
    const changed: ChangedLive[] = [];
    const records: object[] = [];
    for (const { device, reporter } of changes) {
      const { id, tenant, name, mac_address: mac } = reporter.row;
      if (device.isChanged) changed.push({ id, before: reporter.before, live: device.live });
      for (const { kind, document, observedAt, actor, late } of device.entries)
        records.push({ t: tenant, i: id, k: kind, d: document, o: observedAt, a: actor, l: late });
      for (const act of device.acts)
        this.log.append(changeOf({ id, tenant, subject: name ?? mac ?? id }, act));
    }
    const { transaction } = this.database;
    if (records.length > 0) transaction.defer(insertHistory, { records, now });
    if (changed.length > 0) transaction.defer(writeLive, { changed, breadth });
  }
}

const insertHistory = (
  transaction: Transaction,
  items: readonly { records: readonly object[]; now: Date }[],
): Promise<unknown> =>
  Promise.all(
    items.map(({ records, now }) =>
      transaction.query({
        name: 'reports_insert',
        text: INSERT_HISTORY,
        values: [JSON.stringify(records), now],
      }),
    ),
  );

const writeLive = (
  transaction: Transaction,
  items: readonly { changed: readonly ChangedLive[]; breadth: Breadth }[],
): Promise<unknown> =>
  Promise.all(items.map(({ changed, breadth }) => transaction.query(updateLive(changed, breadth))));

/** Finds devices by what a report calls them. */
class Finder {
  readonly #byId = new Map<string, ReporterRow>();
  readonly #byMac = new Map<string, ReporterRow>();

  constructor(
    rows: readonly ReporterRow[],
    private readonly callersTenant: string | null,
  ) {
    for (const row of rows) {
      this.#byId.set(row.id, row);
      if (row.mac_address !== null) this.#byMac.set(`${row.tenant}/${row.mac_address}`, row);
    }
  }

  find(name: ReportingName): ReporterRow | null {
    if ('id' in name) return this.#byId.get(name.id) ?? null;
    const { mac, tenant } = name;
    const own = this.#byMac.get(`${tenantColumn(tenant)}/${mac}`);
    return own ?? this.#byMac.get(`${SHARED_TENANT}/${mac}`) ?? null;
  }

  /** What is seen and cannot be locked belongs to all, or was deleted in between. */
  refusalOf(row: ReporterRow | null): DomainError {
    const isAnothers = row && this.callersTenant !== null && row.tenant !== this.callersTenant;
    return isAnothers ? new TenantForbidden() : new DeviceNotFound();
  }
}

const typeOf = ({ type_id: id, type_version: version }: ReporterRow): TypeVersion | null =>
  id === null || version === null ? null : { id, version };

const deviceOf = (
  { row, type, before }: Reporter,
  rules: ReadonlyMap<string, StatusRules>,
  past: Past,
): LiveDevice =>
  new LiveDevice(
    {
      heartbeatSeconds: row.heartbeat_seconds,
      desired: row.desired ?? {},
      statusValues: (type && rules.get(keyOfType(type))?.values) ?? [],
    },
    before,
    past,
  );

function taken(device: LiveDevice, { report, actor }: Submission, now: Date): Outcome | DomainError {
  try {
    return device.take(report, { now, actor });
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
