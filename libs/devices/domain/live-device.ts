import { InvalidInput, sameJson } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { connectivityAt, isBetter, nextLook } from './connectivity.js';
import type { Connectivity } from './connectivity.js';
import { hasDelta } from './delta.js';
import { bytesOf, DOCUMENT_BYTES_MAX, mergedDocument } from './documents.js';
import type { JsonObject } from './documents.js';
import { StatusInvalid } from './report-errors.js';
import type {
  Outcome,
  RecordedStatus,
  Report,
  Reported,
  ReportedPatch,
  Status,
  StatusReport,
} from './report.js';

/** How far the clock of a device may be ahead. */
const AHEAD_MS_MAX = 5 * 60 * 1_000;

/** How a device is, by its own reports. */
export interface Live {
  readonly status: Status | null;
  readonly reported: Reported;
  readonly lastSeenAt: Date | null;
  readonly hasDelta: boolean;
  /** What the change log says. */
  readonly told: Connectivity;
  /** When to look whether it fell silent. */
  readonly dueAt: Date | null;
}

/** What is said of a device, as far as its reports are judged by it. */
export interface ReportingDevice {
  readonly heartbeatSeconds: number;
  readonly desired: JsonObject;
  /** Of its type; none: any. */
  readonly statusValues: readonly string[];
}

/** What was recorded of a device, as far as reports of now reach back to it. */
export interface Past {
  /** Every status that was observed at one of the instants that are reported again. */
  readonly statuses: readonly RecordedStatus[];
  /** Every document of such an instant, and the last one before it; in the order in which they were recorded. */
  readonly documents: readonly PastDocument[];
}

export interface PastDocument {
  readonly document: JsonObject;
  readonly observedAt: Date;
}

/** A row of the history that a report makes. */
export interface NewEntry {
  readonly kind: 'status' | 'reported' | 'connectivity';
  readonly document: JsonObject;
  readonly observedAt: Date;
  readonly late: boolean;
  readonly actor: string;
}

/** Something that others are told of. */
export interface NewAct {
  readonly type: 'status_changed' | 'reported_changed' | 'connectivity_changed';
  readonly facts: JsonObject;
  readonly actor: string;
}

/** When a report is recorded, and by whom. */
export interface Recording {
  readonly now: Date;
  readonly actor: string;
}

/** A device that reports: takes one after another, and gathers what they change. Pure: it reads and writes nothing. */
export class LiveDevice {
  readonly entries: NewEntry[] = [];
  readonly acts: NewAct[] = [];
  readonly #statuses: RecordedStatus[];
  readonly #documents: PastDocument[];
  #live: Live;

  constructor(
    private readonly device: ReportingDevice,
    private readonly before: Live,
    past: Past,
  ) {
    this.#live = before;
    this.#statuses = [...past.statuses];
    const { document, observedAt } = before.reported;
    this.#documents = [...past.documents, ...(observedAt ? [{ document, observedAt }] : [])];
  }

  get live(): Live {
    return this.#live;
  }

  get isChanged(): boolean {
    return this.#live !== this.before;
  }

  /** @throws InvalidInput, StatusInvalid; then it is as if the report had not come */
  take(report: Report, recording: Recording): Outcome {
    const { observedAt } = report;
    if (observedAt && observedAt.getTime() > recording.now.getTime() + AHEAD_MS_MAX)
      throw InvalidInput.at('/observed_at', 'too_large', 'It is at most 5 minutes ahead.');
    const outcome = this.#judged(report, recording);
    if (outcome.kind === 'heartbeat' || !outcome.isRepeat) this.#see(observedAt ?? recording.now, recording);
    return outcome;
  }

  /** What is wrong with a value of a status. */
  mistakesOf(value: string): Violation[] {
    const { statusValues } = this.device;
    if (statusValues.length === 0 || statusValues.includes(value)) return [];
    const detail = `The type of the device has ${statusValues.join(', ')}.`;
    return [{ pointer: '/value', code: 'choice', detail }];
  }

  #judged(report: Report, recording: Recording): Outcome {
    if (report.kind === 'status') return this.#takeStatus(report, recording);
    if (report.kind === 'reported') return this.#takePatch(report, recording);
    return { kind: 'heartbeat' };
  }

  #takeStatus({ value, data, observedAt: said }: StatusReport, { now, actor }: Recording): Outcome {
    const violations = this.mistakesOf(value);
    if (violations.length > 0) throw new StatusInvalid(violations);
    const known =
      said && this.#statuses.find((each) => isSameStatus(each, { value, data, observedAt: said }));
    if (known) return { kind: 'status', isRepeat: true, status: known };
    const current = this.#live.status;
    const observedAt = said ?? now;
    const late = current !== null && observedAt < current.observedAt;
    const status = { value, data, observedAt, recordedAt: now, late };
    this.#statuses.push(status);
    this.entries.push({ kind: 'status', document: { value, data }, observedAt, late, actor });
    if (!late) {
      this.#live = { ...this.#live, status: { value, data, observedAt } };
      if (current?.value !== value) {
        const facts = { value, data, previous_value: current?.value ?? null, observed_at: observedAt };
        this.acts.push({ type: 'status_changed', facts, actor });
      }
    }
    return { kind: 'status', isRepeat: false, status };
  }

  #takePatch({ patch, observedAt: said }: ReportedPatch, { now, actor }: Recording): Outcome {
    const { reported } = this.#live;
    const observedAt = said ?? now;
    const late = reported.observedAt !== null && observedAt < reported.observedAt;
    if (said && this.#documents.some((each) => isMadeBy(patch, said, each)))
      return { kind: 'reported', isRepeat: true, late, reported };
    const base = late ? this.#documentAt(observedAt) : reported.document;
    const document = mergedDocument(base, patch);
    if (bytesOf(document) > DOCUMENT_BYTES_MAX)
      throw InvalidInput.at('/document', 'too_large', 'What comes of it has at most 32 KiB.');
    this.#documents.push({ document, observedAt });
    this.entries.push({ kind: 'reported', document, observedAt, late, actor });
    if (!late) this.#report(document, observedAt, actor);
    return { kind: 'reported', isRepeat: false, late, reported: this.#live.reported };
  }

  #report(document: JsonObject, observedAt: Date, actor: string): void {
    const before = this.#live.reported;
    const version = before.version + 1;
    this.#live = {
      ...this.#live,
      reported: { document, version, observedAt },
      hasDelta: hasDelta(this.device.desired, document),
    };
    if (sameJson(document, before.document)) return;
    this.acts.push({
      type: 'reported_changed',
      facts: { document, version, observed_at: observedAt },
      actor,
    });
  }

  /** The later recorded of two of one instant. */
  #documentAt(at: Date): JsonObject {
    let found: PastDocument | null = null;
    for (const each of this.#documents)
      if (each.observedAt <= at && (!found || each.observedAt >= found.observedAt)) found = each;
    return found?.document ?? {};
  }

  /** A device is seen when it observed something, and not only as that came in. */
  #see(observedAt: Date, { now, actor }: Recording): void {
    const seenAt = observedAt < now ? observedAt : now;
    const { lastSeenAt: last, told } = this.#live;
    const lastSeenAt = last && last > seenAt ? last : seenAt;
    if (last?.getTime() !== lastSeenAt.getTime()) this.#live = { ...this.#live, lastSeenAt };
    const { heartbeatSeconds } = this.device;
    const connectivity = connectivityAt(lastSeenAt, heartbeatSeconds, now);
    if (!isBetter(connectivity, told)) return; // That it fell silent is found by looking.
    const dueAt = nextLook(connectivity, lastSeenAt, heartbeatSeconds);
    this.#live = { ...this.#live, told: connectivity, dueAt };
    const document = { connectivity, previous: told };
    this.entries.push({ kind: 'connectivity', document, observedAt: now, late: false, actor });
    this.acts.push({ type: 'connectivity_changed', facts: { ...document, observed_at: now }, actor });
  }
}

const isSameStatus = (one: Status, other: Status): boolean =>
  one.observedAt.getTime() === other.observedAt.getTime() &&
  one.value === other.value &&
  sameJson(one.data, other.data);

/** The same patch of the same instant was merged into it already: once more it changes nothing. */
const isMadeBy = (patch: JsonObject, at: Date, { document, observedAt }: PastDocument): boolean =>
  observedAt.getTime() === at.getTime() && sameJson(mergedDocument(document, patch), document);
