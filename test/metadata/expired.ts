import type { TestApi } from '../api.js';
import { Written } from './written.js';

/** Moves the end of entries into the past, behind the back of the service, which takes no such end. */
export async function expire(api: TestApi, ...ids: readonly string[]): Promise<void> {
  const written = new Written(api.database.url);
  const ended = await written.query(
    `update metadata.entry set expires_at = '2020-01-01T00:00:00Z' where id = any ($1) returning id`,
    [ids],
  );
  await written.close();
  expect(ended).toHaveLength(ids.length);
}
