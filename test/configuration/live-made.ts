import type { Reply, Sent, TestApi } from '../api.js';
import { aConfiguration, CONFIGURATIONS } from './made.js';

/** An active configuration that was just made: shared, of production, called `app`. */
export const aLayer = (api: TestApi, body: object, sent: Sent = {}): Promise<any> =>
  aConfiguration(api, { name: 'app', values: {}, ...body }, sent);

/** What a service gets in production, or where the query says. */
export function effective(
  api: TestApi,
  service: string,
  query: object = {},
  sent: Sent = {},
): Promise<Reply> {
  const text = new URLSearchParams({ environment: 'production', ...query } as Record<
    string,
    string
  >).toString();
  return api.get(`${CONFIGURATIONS}/effective/${service}?${text}`, sent);
}

/** An instant so many milliseconds from now. */
export const inMs = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();
