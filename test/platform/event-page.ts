import type { TestApi } from '../api.js';
import { EVENTS } from '../metadata/entries.js';

/** One page of the change feed, and where the next one begins. */
export async function eventPage(
  api: TestApi,
  query: Record<string, string>,
): Promise<{ items: any[]; next: string }> {
  const { status, body } = await api.get(`${EVENTS}?${new URLSearchParams(query).toString()}`);
  expect(status).toBe(200);
  return body;
}
