import { Injectable } from '@nestjs/common';
import { DomainError } from '#shared-kernel';
import { ChangeLog } from '#platform/change-log';
import type { Change } from '#platform/change-log';
import { CallContext, SHARED_TENANT } from '#platform/context';
import { Database } from '#platform/database';
import type { Transaction } from '#platform/database';
import { LiveDevice } from '../domain/live-device.js';
import type { Past } from '../domain/live-device.js';
import { StatusInvalid } from '../domain/report-errors.js';
import type { Outcome } from '../domain/report.js';
import { changeOf } from './report-acts.js';
import { PastReports } from './past-reports.js';
import { Finder, TypesNow } from './reporter-lookups.js';
import { RememberedReporters } from './remembered-reporters.js';
import type { Remembered } from './remembered-reporters.js';
import {
  INSERT_HISTORY,
  liveOf,
  lockLive,
  readReporters,
  readTypes,
  reportingOf,
  textOf,
  updateLive,
} from './report-statements.js';
import type { Breadth, ChangedLive, LiveRow, ReporterRow, TypeOfTenantRow } from './report-statements.js';
import { StatusVerdicts } from './status-verdicts.js';
import type { Outcomes, Reporter, Submission } from './submission.js';
import { keyOfType, StatusSchemas } from './status-schemas.js';
import type { StatusRules, TypeVersion, Verdict } from './status-schemas.js';

/** What reports are decided on: found under a lock, or remembered, and then held to by what is written. */
interface Found {
  readonly now: Date;
  readonly reporters: ReadonlyMap<string, Reporter>;
  readonly refusals: Map<number, DomainError>;
  readonly rules: ReadonlyMap<string, StatusRules>;
}

/**
 * Writes reports with a handful of statements, however many there are. Devices that this process wrote last are remembered;
 * others are locked and read in one round trip. Everything is decided in memory, and what comes of it travels with the
 * commit, which fails where a remembered device has become another one.
 */
@Injectable()
export class SqlReportWriter {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly log: ChangeLog,
    private readonly schemas: StatusSchemas,
    private readonly remembered: RememberedReporters,
  ) {}

  /**
   * All in one transaction.
   * @throws DatabaseUnavailable, DatabaseBusy, ValidationBusy: then nothing was written
   */
  async write(submissions: readonly Submission[]): Promise<Outcomes> {
    const verdicts = new StatusVerdicts(this.schemas, this.context.current.caller.tenant, submissions);
    let source: 'memory' | 'lock' = 'memory';
    for (;;) {
      const written = await this.database.run(() => {
        const from = source;
        source = 'lock'; // Who lost a race on what was remembered does not lose another one.
        return this.#attempt(submissions, verdicts, from);
      });
      if (written) return written;
      await verdicts.findApart(); // With no lock held: it may take its time.
    }
  }

  /**
   * Null where nothing was written because a document has to be looked at by itself first. Only what is written is held to
   * what was remembered: a refusal from memory is none until it is found again under the lock.
   */
  async #attempt(
    submissions: readonly Submission[],
    verdicts: StatusVerdicts,
    source: 'memory' | 'lock',
  ): Promise<Outcomes | null> {
    const breadth = submissions.some(({ report }) => report.kind === 'reported') ? 'with-reported' : 'status';
    const recalled = source === 'memory' && breadth === 'status' ? await this.#recall(submissions) : null;
    const first = recalled && (await this.#decide(submissions, recalled, verdicts));
    const isRefused = first?.outcomes.some((outcome) => outcome instanceof Error) ?? true;
    const found = recalled && !isRefused ? recalled : await this.#find(submissions, breadth);
    const decision = found === recalled ? first : await this.#decide(submissions, found, verdicts);
    if (!decision) return null;
    this.#store(decision.decided, found.now, breadth);
    this.#remember(decision.decided, breadth);
    return decision.outcomes;
  }

  async #decide(
    submissions: readonly Submission[],
    found: Found,
    verdicts: StatusVerdicts,
  ): Promise<Decision | null> {
    if (!(await verdicts.find(found.reporters.values(), found.rules))) return null;
    const past = await PastReports.read(this.database, submissions, found.reporters.values());
    const outcomes: (Outcome | Error)[] = [];
    const decided: Decided[] = [];
    for (const reporter of found.reporters.values()) {
      const device = deviceOf(reporter, found.rules, past.of(reporter.row.id));
      for (const place of reporter.places) {
        const submission = submissions[place];
        if (submission)
          outcomes[place] =
            refusedBy(verdicts.of(place), device, submission) ?? taken(device, submission, found.now);
      }
      decided.push({ device, reporter, isNews: device.isChanged || device.entries.length > 0 });
    }
    for (const [place, refusal] of found.refusals) outcomes[place] = refusal;
    return { outcomes, decided };
  }

  /** Null unless all of the devices are remembered; their types are looked up, which are few. */
  async #recall(submissions: readonly Submission[]): Promise<Found | null> {
    const places = new Map<string, number[]>();
    for (const [place, { device }] of submissions.entries()) {
      if (!('id' in device)) return null;
      const known = places.get(device.id);
      if (known) known.push(place);
      else places.set(device.id, [place]);
    }
    const devices = this.remembered.take(places.keys(), this.context.current.caller.tenant);
    if (!devices) return null;
    const types = await this.#typesOf(devices);
    const reporters = new Map<string, Reporter>();
    for (const [id, { row, live, revision }] of devices) {
      const type = types.of(row);
      if (!type) return null; // Somebody took it away just now.
      reporters.set(id, { row, type, before: live, revision, places: places.get(id) ?? [] });
    }
    return { now: types.now, reporters, refusals: new Map(), rules: await this.#rulesOf(reporters.values()) };
  }

  async #typesOf(devices: ReadonlyMap<string, Remembered>): Promise<TypesNow> {
    const tenants = new Set([SHARED_TENANT]);
    const keys = new Set<string>();
    for (const { row } of devices.values()) {
      tenants.add(row.tenant);
      keys.add(row.device_type);
    }
    return new TypesNow(await this.database.read<TypeOfTenantRow>(readTypes([...tenants], [...keys])));
  }

  #rulesOf(reporters: Iterable<Reporter>): Promise<ReadonlyMap<string, StatusRules>> {
    const types = new Map<string, TypeVersion>();
    for (const { type } of reporters) if (type) types.set(keyOfType(type), type);
    return this.schemas.rulesOf([...types.values()]);
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
        else
          reporters.set(row.id, {
            ...{ row, type: typeOf(row), before: liveOf(its), revision: its.revision },
            places: [place],
          });
      } else refusals.set(place, finder.refusalOf(row));
    }
    const rules = await this.#rulesOf(reporters.values());
    return { now: read.rows[0]?.now ?? new Date(0), reporters, refusals, rules };
  }

  /** Everything goes with the commit: nobody waits for it but the commit itself. */
  #store(decided: readonly Decided[], now: Date, breadth: Breadth): void {
    const changed: ChangedLive[] = [];
    const records: object[] = [];
    const acts: Change[] = [];
    for (const { device, reporter, isNews } of decided) {
      if (!isNews) continue;
      const { id, tenant, name, mac_address: mac } = reporter.row;
      changed.push({ id, revision: reporter.revision, before: reporter.before, live: device.live });
      for (const { kind, document, observedAt, actor, late } of device.entries)
        records.push({ t: tenant, i: id, k: kind, d: document, o: textOf(observedAt), a: actor, l: late });
      const subject = name ?? mac ?? id;
      acts.push(...device.acts.map((act) => changeOf({ id, tenant, subject }, act)));
    }
    const { transaction } = this.database;
    if (records.length > 0) transaction.defer(insertHistory, { records, now });
    if (changed.length > 0) transaction.defer(writeLive, { changed, breadth });
    for (const act of acts) this.log.append(act); // Devices before the log, as whoever locks them: else two wait for each other.
  }

  /** Once it is committed. What reported anything stays forgotten: its documents are not kept here. */
  #remember(decided: readonly Decided[], breadth: Breadth): void {
    if (breadth !== 'status') return;
    this.database.transaction.afterCommit(() => {
      for (const { device, reporter, isNews } of decided)
        this.remembered.put(reporter.row, device.live, reporter.revision + (isNews ? 1 : 0));
    });
  }
}

/** What becomes of reports, before anything of it is written. */
interface Decision {
  readonly outcomes: Outcomes;
  readonly decided: readonly Decided[];
}

/** A device after its reports. */
interface Decided {
  readonly device: LiveDevice;
  readonly reporter: Reporter;
  /** Something is to be written of it. */
  readonly isNews: boolean;
}

const insertHistory =
  (items: readonly { records: readonly object[]; now: Date }[]) =>
  (transaction: Transaction): Promise<unknown> =>
    Promise.all(
      items.map(({ records, now }) =>
        transaction.query({
          name: 'reports_insert',
          text: INSERT_HISTORY,
          values: [JSON.stringify(records), now],
        }),
      ),
    );

const writeLive =
  (items: readonly { changed: readonly ChangedLive[]; breadth: Breadth }[]) =>
  (transaction: Transaction): Promise<unknown> =>
    Promise.all(items.map(({ changed, breadth }) => transaction.query(updateLive(changed, breadth))));

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

/** What the schema found wrong with the data, and what else is wrong with that status. */
function refusedBy(verdict: Verdict, device: LiveDevice, { report }: Submission): Verdict {
  if (!(verdict instanceof StatusInvalid) || report.kind !== 'status') return verdict;
  return new StatusInvalid([...device.mistakesOf(report.value), ...verdict.violations]);
}

function taken(device: LiveDevice, { report, actor }: Submission, now: Date): Outcome | DomainError {
  try {
    return device.take(report, { now, actor });
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
