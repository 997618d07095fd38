import { readSettings } from '#platform/config';

/** The environment variables that the service reads: whatever is asked for while settings are read. */
export function settingNames(): string[] {
  const names = new Set<string>();
  const asked = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_, name) => {
        names.add(String(name));
        return undefined;
      },
    },
  );
  readSettings(asked);
  return [...names];
}
