/** Stands in a prefix for the tenant whose configuration asks. */
const TENANT = '{tenant_id}';
/** The prefix that lets every path through. */
export const EVERY_PATH = '*';
const PATH_LENGTH_MAX = 1_024;
/** Nothing that a host, a URL or a file system could read as more than a name. */
const UNSAFE = /[\p{Cc}\p{Cs}?#\\]/u;

/**
 * What is wrong with the path of a secret; null is nothing. A path is names with `/` between, 1..1024 characters: it
 * never leads upwards and never says more than where to look inside of the provider.
 */
export function pathProblem(path: string): string | null {
  if (path.length === 0 || path.length > PATH_LENGTH_MAX)
    return `A path has 1 to ${PATH_LENGTH_MAX} characters.`;
  if (UNSAFE.test(path)) return 'A path has no control characters and none of ? # \\.';
  const names = path.split('/');
  if (names.includes('')) return 'A path has no empty part: no slash at its ends, and no two in a row.';
  if (names.some((name) => name === '.' || name === '..')) return 'A path has no part . or ..';
  return null;
}

/** What is wrong with a prefix; null is nothing. */
export const prefixProblem = (prefix: string): string | null =>
  prefix === EVERY_PATH ? null : pathProblem(prefix);

/**
 * True when one of the prefixes is the path itself or ends at one of its slashes. A prefix with `{tenant_id}` never lets
 * through what a shared configuration asks for.
 */
export function isPathAllowed(prefixes: readonly string[], tenant: string | null, path: string): boolean {
  if (pathProblem(path) !== null) return false;
  return prefixes.some((prefix) => {
    if (prefix === EVERY_PATH) return true;
    if (tenant === null && prefix.includes(TENANT)) return false;
    const start = prefix.replaceAll(TENANT, () => tenant ?? '');
    return path === start || path.startsWith(`${start}/`);
  });
}
