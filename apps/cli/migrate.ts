import type { Settings } from '#platform/config';
import { migrate } from '#platform/database';
import { withDatabase } from './session.js';

/** Brings the schema up to date. */
export function migrateDatabase(settings: Settings): Promise<string> {
  return withDatabase(settings, async (url) => {
    const lines: string[] = [];
    await migrate(url, (line) => lines.push(line));
    return lines.join('\n') || 'The schema is up to date.';
  });
}
