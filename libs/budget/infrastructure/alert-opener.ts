import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { SupervisorDesk } from '#supervisor-requests';
import type { Question } from '#supervisor-requests';
import { DomainError } from '#shared-kernel';
import { CallContext, tenantFromColumn } from '#platform/context';
import { Database } from '#platform/database';
import { Jobs } from '#platform/jobs';
import { AlertOpening } from '../application/alert-opening.js';
import { toQuestion } from '../application/alert-question.js';
import type { CurrencyCode } from '../domain/money.js';

const JOB = 'budget-alerts';
const EVERY_MS = 2_000;
const AT_ONCE = 100;

interface DueRow {
  readonly supervisor_request_id: string;
  readonly tenant: string;
  readonly budget_id: string;
  readonly name: string;
  readonly owner_team_id: string | null;
  readonly limit_amount: string;
  readonly period_start: string;
  readonly period_until: string | null;
  readonly percent: string;
  readonly priority: number | null;
  readonly currency: CurrencyCode;
  readonly spent: string;
  readonly available: string;
  readonly item_id: string | null;
}

/**
 * Asks the supervisors about alerts: as soon as their transaction is there, and by a job for those whose process went
 * before it could. Each has the id of its request from the start, so that asking again asks nothing twice.
 */
@Injectable()
export class AlertOpener extends AlertOpening implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(AlertOpener.name);
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly desk: SupervisorDesk,
    private readonly jobs: Jobs,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.jobs.onOneReplica({ name: JOB, everyMs: EVERY_MS, run: () => this.openAll() });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  override soon(): void {
    if (this.#stopped) return;
    if (this.#running) this.#again = true;
    else this.#running = this.#run();
  }

  /** Everything that is to be asked until now. */
  async openAll(): Promise<void> {
    for (;;) {
      const due = await this.#due();
      let opened = 0;
      for (const alert of due) opened += await this.#open(alert);
      if (due.length < AT_ONCE || opened === 0) return;
    }
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      try {
        await this.context.runAsSystem(JOB, () => this.openAll());
      } catch (error) {
        this.#logger.warn(`Alerts were not told and will be again: ${String(error)}`);
      }
    } while (this.#again && !this.#stopped);
    this.#running = null;
  }

  #due(): Promise<DueRow[]> {
    return this.database.read<DueRow>({
      name: 'alerts_due',
      text: `select a.supervisor_request_id, a.tenant, a.budget_id, b.name, b.owner_team_id, b.limit_amount,
               a.period_start::text, a.period_until::text, a.percent::text, a.priority, a.currency, a.spent::text,
               a.available::text, a.item_id
             from budget.alert a join budget.budget b on b.id = a.budget_id
             where a.supervisor_request_id is not null and a.opened_at is null order by a.created_at, a.id limit $1`,
      values: [AT_ONCE],
    });
  }

  /** Gives how many were asked: none, where it cannot be asked and a person has to look why. */
  async #open(row: DueRow): Promise<number> {
    try {
      await this.#ask(questionOf(row));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#logger.error(`The alert ${row.supervisor_request_id} cannot be asked about: ${error.message}`);
      return 0;
    }
    await this.database.read({
      name: 'alert_opened',
      text: `update budget.alert set opened_at = statement_timestamp()
             where supervisor_request_id = $1 and opened_at is null`,
      values: [row.supervisor_request_id],
    });
    return 1;
  }

  /** A team that is gone by now is asked no more, and everybody is instead. */
  async #ask(question: Question): Promise<void> {
    try {
      await this.desk.ask(question);
    } catch (error) {
      if (!isRefusal(error) || question.assigneeTeamId === null) throw error;
      await this.desk.ask({ ...question, assigneeTeamId: null });
    }
  }
}

/** What is wrong with the question is so the next time, too. */
const isRefusal = (error: unknown): error is DomainError =>
  error instanceof DomainError && ['invalid', 'unprocessable'].includes(error.kind);

const questionOf = (row: DueRow): Question =>
  toQuestion({
    requestId: row.supervisor_request_id,
    tenant: tenantFromColumn(row.tenant),
    budget: { id: row.budget_id, name: row.name, ownerTeamId: row.owner_team_id },
    period: { from: row.period_start, until: row.period_until },
    percent: Number(row.percent),
    priority: row.priority,
    currency: row.currency,
    limit: BigInt(row.limit_amount),
    spent: BigInt(row.spent),
    available: BigInt(row.available),
    itemId: row.item_id,
  });
