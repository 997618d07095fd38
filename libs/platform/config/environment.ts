import { readSettings } from './settings.js';

/** Variables that Node, its libraries, PostgreSQL's and the SDK of AWS read by themselves. */
const OF_LIBRARIES = /^(NODE|NPM|UV|SSL|OPENSSL|PG|AWS|LD|DYLD)_|^PG[A-Z]+$/;
const OF_SETTINGS = namesOfSettings();

/** A variable of this process; null where it is not set. */
export const environmentVariable = (name: string): string | null => process.env[name] ?? null;

/** True for a variable by which this service, or what it is made of, is set: it may hold a password of ours. */
export function isOwnVariable(name: string): boolean {
  const upper = name.toUpperCase(); // Windows makes no difference.
  return OF_SETTINGS.has(upper) || OF_LIBRARIES.test(upper);
}

/** Whatever is read when settings are read is one. */
function namesOfSettings(): ReadonlySet<string> {
  const names = new Set<string>();
  readSettings(
    new Proxy<Record<string, string | undefined>>(
      {},
      {
        get: (_, name) => {
          names.add(String(name));
          return undefined;
        },
      },
    ),
  );
  return names;
}
