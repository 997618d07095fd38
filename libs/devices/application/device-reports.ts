import type { Outcome, Report } from '../domain/report.js';

/** How a report names its device. */
export type ReportingName =
  | { readonly id: string }
  /** Of the tenant's own devices, else of the shared ones; null: of the shared ones. */
  | { readonly mac: string; readonly tenant: string | null };

/** A report and of whom it is. */
export interface ReportOf {
  readonly device: ReportingName;
  readonly report: Report;
}

/**
 * Takes what devices say of themselves; fulfilled when it is committed. An abstract class, so that it is also its injection
 * token.
 */
export abstract class DeviceReports {
  /**
   * One report. While others are written it waits, and is written together with all that wait.
   * @throws DeviceNotFound, TenantForbidden, StatusInvalid, InvalidInput, SchemaTooExpensive, ReportsBusy
   */
  abstract submit(report: ReportOf): Promise<Outcome>;

  /**
   * Many in one transaction; those of one device in this order. What is impossible is refused at its place, as `submit`
   * refuses it, and stops none of the others.
   */
  abstract submitAll(reports: readonly ReportOf[]): Promise<readonly (Outcome | Error)[]>;
}
