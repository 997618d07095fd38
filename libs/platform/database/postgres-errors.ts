import { types } from 'node:util';
import { DomainError } from '#shared-kernel';

/** The database is away, or too busy to take a connection. */
export class DatabaseUnavailable extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'database_unavailable';
  constructor() {
    super(
      'The database cannot be reached now. Try again; an Idempotency-Key keeps a repeated POST from happening twice.',
    );
  }
}

/** The database is there, and what was asked for had to wait too long for others, or stood in their way. */
export class DatabaseBusy extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'database_busy';
  constructor() {
    super(
      'The database is too busy with other changes now. Try again; an Idempotency-Key keeps a repeated POST from happening twice.',
    );
  }
}

/** PostgreSQL error codes, appendix A of its manual. */
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const EXCLUSION_VIOLATION = '23P01';
const RETRYABLE = new Set(['40001', '40P01', '55P03']);
/** Those that no repetition mended, and our own limits: a statement's time, and that of a transaction at rest. */
const BUSY = new Set([...RETRYABLE, '57014', '25P03']);
/** Connection exceptions (08), operator intervention (57P), no resources left (53), and Node's own codes. */
const UNREACHABLE =
  /^(08...|57P0[1-5]|53[0-9]{3}|ECONN.*|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)$/;
const UNREACHABLE_MESSAGES =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed|Query read timeout|Cannot use a pool after calling end/;

interface PostgresFields {
  readonly code?: string;
  readonly constraint?: string;
  readonly message: string;
}

/** True when the statement broke this unique constraint. */
export const isUniqueViolation = (error: unknown, constraint: string): boolean =>
  isViolation(error, UNIQUE_VIOLATION, constraint);

/** True when the statement would leave a row without what it refers to. */
export const isForeignKeyViolation = (error: unknown, constraint: string): boolean =>
  isViolation(error, FOREIGN_KEY_VIOLATION, constraint);

/** True when the statement broke this exclusion constraint. */
export const isExclusionViolation = (error: unknown, constraint: string): boolean =>
  isViolation(error, EXCLUSION_VIOLATION, constraint);

function isViolation(error: unknown, code: string, constraint: string): boolean {
  const fields = fieldsOf(error);
  return fields?.code === code && fields.constraint === constraint;
}

/** True when running the same work once more is right: a deadlock, a serialization failure. */
export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(fieldsOf(error)?.code ?? '');
}

/** Turns "the database is away" and "it is too busy" into refusals of their own; gives everything else back as it came. */
export function explainDatabaseError(error: unknown): unknown {
  const fields = fieldsOf(error);
  if (!fields || error instanceof DomainError) return error;
  if (BUSY.has(fields.code ?? '')) return Object.assign(new DatabaseBusy(), { cause: error });
  const unreachable = UNREACHABLE.test(fields.code ?? '') || UNREACHABLE_MESSAGES.test(fields.message);
  return unreachable ? Object.assign(new DatabaseUnavailable(), { cause: error }) : error;
}

/** TypeORM wraps the driver's error; what matters stands in either. */
function fieldsOf(error: unknown): PostgresFields | null {
  if (!types.isNativeError(error)) return null;
  const { driverError } = error as Error & { driverError?: unknown };
  return (types.isNativeError(driverError) ? driverError : error) as Error & PostgresFields;
}
