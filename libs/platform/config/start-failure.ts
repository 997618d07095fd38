import type { Settings } from './settings.js';

/** What the operating system and PostgreSQL say, and what to do about it. */
const CAUSES: Readonly<Record<string, (settings: Settings) => string>> = {
  EADDRINUSE: ({ host, port }) =>
    `Port ${port} on ${host} is taken: stop what listens there, or set APP_PORT.`,
  EADDRNOTAVAIL: ({ host }) => `This machine has no address ${host}: set APP_HOST.`,
  EACCES: ({ port }) => `Port ${port} needs more rights than this user has: set APP_PORT to 1024 or more.`,
  ENOSPC: () => 'The disk is full: make room, or set DATA_DIR to another disk.',
  53100: () => 'The disk of the database is full: make room, and start again.',
  ECONNREFUSED: () => 'No database listens where DATABASE_URL says: start it, or correct DATABASE_URL.',
  ENOTFOUND: () => 'The host in DATABASE_URL is not known: correct it.',
  EAI_AGAIN: () => 'The host in DATABASE_URL cannot be looked up now: check the name and the network.',
  ETIMEDOUT: () => 'The database in DATABASE_URL does not answer: check the address and the firewall.',
  ECONNRESET: () => 'The database in DATABASE_URL broke the connection off: look at its log.',
  '28P01': () => 'The database refuses the password in DATABASE_URL: correct it.',
  28000: () => 'The database refuses the user in DATABASE_URL: correct it, or allow it in pg_hba.conf.',
  '3D000': () => 'The database named in DATABASE_URL does not exist: create it, or correct the name.',
  42501: () =>
    'The user in DATABASE_URL may not do what migrations need: give it CREATE on the database and CREATEROLE, see docs/operations.md.',
  53300: () => 'The database has no connection left: raise its max_connections, or lower DATABASE_POOL_SIZE.',
  '57P03': () => 'The database is starting up or shutting down: try again in a moment.',
};

/** One sentence that says what to do, for failures that somebody can mend; null for a bug, which keeps its stack. */
export function explainStartFailure(error: unknown, settings: Settings | null): string | null {
  if (!(error instanceof Error)) return null;
  for (const cause of causesOf(error)) {
    if (isExplained(cause)) return cause.message;
    const explain = CAUSES[(cause as { code?: string }).code ?? ''];
    if (explain && settings) return explain(settings);
    if (/timeout/i.test(cause.message) && /connect/i.test(cause.message)) {
      return 'The database in DATABASE_URL does not answer: check the address and the firewall.';
    }
  }
  return null;
}

/** Errors that were written for whoever starts the service. */
const EXPLAINED = new Set([
  'StartRefused',
  'SettingsInvalid',
  'DatabaseUnfit',
  'DataFolderInUse',
  'EmbeddedPostgresFailed',
  'KeyringInvalid',
]);

const isExplained = (error: Error): boolean => EXPLAINED.has(error.constructor.name);

function causesOf(error: Error): Error[] {
  const { cause, driverError, errors } = error as Error & { driverError?: unknown; errors?: unknown };
  const inner = [cause, driverError, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  return [error, ...inner.filter((each) => each instanceof Error).flatMap(causesOf)];
}
