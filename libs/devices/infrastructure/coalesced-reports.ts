import { Injectable } from '@nestjs/common';
import { DomainError } from '#shared-kernel';
import { CallContext } from '#platform/context';
import type { Call } from '#platform/context';
import { Database } from '#platform/database';
import { DeviceReports } from '../application/device-reports.js';
import type { ReportOf } from '../application/device-reports.js';
import { ReportsBusy } from '../domain/report-errors.js';
import type { Outcome } from '../domain/report.js';
import { SqlReportWriter } from './sql-report-writer.js';
import type { Outcomes, Submission } from './submission.js';

const TOGETHER_MAX = 500;
/** Of one tenant; more than any device waits for. */
const WAITING_MAX = 5_000;

interface Waiting {
  readonly submission: Submission;
  readonly call: Call;
  readonly settle: (outcome: Outcome | Error) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * While reports of a tenant are written, those that come in wait, and are written together then: the busier it is the more
 * of them share a transaction, and nobody waits when it is not.
 */
@Injectable()
export class CoalescedReports extends DeviceReports {
  /** By the tenant of the caller; there for as long as one of its reports is. */
  readonly #lanes = new Map<string, Waiting[]>();

  constructor(
    private readonly writer: SqlReportWriter,
    private readonly context: CallContext,
    private readonly database: Database,
  ) {
    super();
  }

  override async submit(report: ReportOf): Promise<Outcome> {
    const call = this.context.current;
    const submission = { ...report, actor: call.caller.actor };
    const outcome = this.database.isOpen
      ? (await this.writer.write([submission]))[0] // It is part of what is open, and not of what others write.
      : await this.#wait(call, submission);
    if (!outcome || outcome instanceof Error) throw outcome ?? new Error('A report has no outcome.');
    return outcome;
  }

  override submitAll(reports: readonly ReportOf[]): Promise<Outcomes> {
    const { actor } = this.context.current.caller;
    return this.#write(reports.map((report) => ({ ...report, actor })));
  }

  #wait(call: Call, submission: Submission): Promise<Outcome | Error> {
    const name = call.caller.tenant ?? '*';
    const lane = this.#lanes.get(name);
    if (lane && lane.length >= WAITING_MAX) return Promise.reject(new ReportsBusy());
    return new Promise((settle, fail) => {
      const waiting = { submission, call, settle, fail };
      if (lane) {
        lane.push(waiting);
        return;
      }
      this.#lanes.set(name, [waiting]);
      void this.#empty(name);
    });
  }

  async #empty(name: string): Promise<void> {
    const lane = this.#lanes.get(name) ?? [];
    while (lane.length > 0) {
      const some = lane.splice(0, TOGETHER_MAX);
      await this.#writeFor(some);
    }
    this.#lanes.delete(name);
  }

  /** In the name of the first of them; each row of the history has the name of its own. */
  async #writeFor(some: readonly Waiting[]): Promise<void> {
    const [first] = some;
    if (!first) return;
    const submissions = some.map(({ submission }) => submission);
    try {
      const outcomes = await this.context.run(first.call, () => this.#write(submissions));
      for (const [index, { settle, fail }] of some.entries()) {
        const outcome = outcomes[index];
        if (outcome) settle(outcome);
        else fail(new Error('A report has no outcome.'));
      }
    } catch (error) {
      for (const { fail } of some) fail(error);
    }
  }

  /** What the database does not take of one report is no reason to lose the others: then each is written by itself. */
  async #write(submissions: readonly Submission[]): Promise<Outcomes> {
    try {
      return await this.writer.write(submissions);
    } catch (error) {
      if (error instanceof DomainError || submissions.length === 1 || this.database.isOpen) throw error;
    }
    const outcomes: (Outcome | Error)[] = [];
    for (const submission of submissions)
      outcomes.push(
        ...(await this.writer
          .write([submission])
          .catch((error: unknown) => [error instanceof Error ? error : new Error(String(error))])),
      );
    return outcomes;
  }
}
