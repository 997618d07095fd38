import type { ReportOf } from '../application/device-reports.js';
import type { Live } from '../domain/live-device.js';
import type { Outcome } from '../domain/report.js';
import type { ReporterRow } from './report-statements.js';
import type { TypeVersion } from './status-schemas.js';

/** A report that came in, and in whose name. */
export interface Submission extends ReportOf {
  readonly actor: string;
}

/** What became of each, in their order. */
export type Outcomes = readonly (Outcome | Error)[];

/** A device that some of the submissions are of. */
export interface Reporter {
  readonly row: ReporterRow;
  readonly type: TypeVersion | null;
  readonly before: Live;
  /** Of `before`. */
  readonly revision: number;
  /** Places of its submissions. */
  readonly places: number[];
}
