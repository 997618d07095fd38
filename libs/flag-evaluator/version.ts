/** A version, taken apart: three numbers without leading zeros, and the identifiers of a pre-release. */
export interface Version {
  readonly core: readonly string[];
  readonly preRelease: readonly string[];
}

const VERSION =
  /^[vV]?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;
const DIGITS = /^\d+$/;

const plain = (digits: string): string => digits.replace(/^0+(?=\d)/, '');

/**
 * Semantic Versioning 2.0.0, read with leniency: a leading `v` is skipped, missing parts are 0, leading zeros do not count.
 * Undefined when the text is no version.
 */
export function versionOf(text: string): Version | undefined {
  const parts = VERSION.exec(text);
  if (parts === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', preRelease] = parts;
  return { core: [plain(major), plain(minor), plain(patch)], preRelease: preRelease?.split('.') ?? [] };
}

const compareTexts = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** As text, since a part may have more digits than a double. */
const compareNumbers = (a: string, b: string): number => a.length - b.length || compareTexts(a, b);

function compareIdentifiers(a: string, b: string): number {
  const isNumberA = DIGITS.test(a);
  const isNumberB = DIGITS.test(b);
  if (isNumberA && isNumberB) return compareNumbers(plain(a), plain(b));
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return compareTexts(a, b);
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length; // The release comes after its pre-releases.
  for (const [index, identifier] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Precedence by https://semver.org/#spec-item-11: negative when `a` comes before `b`. Build metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  for (const [index, part] of a.core.entries()) {
    const order = compareNumbers(part, b.core[index] ?? '0');
    if (order !== 0) return order;
  }
  return comparePreReleases(a.preRelease, b.preRelease);
}
