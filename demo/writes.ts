/** One call of the API that changes something. */
interface Write {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

/** What was changed, and how often. */
export interface Written {
  readonly id: string;
  readonly subject: string;
  readonly changes: number;
}

const MERGE_PATCH = 'application/merge-patch+json';

/** What is made, and what then happens to it, in this order. */
const STORIES = [
  {
    path: '/api/v1/metadata',
    create: { key: 'demo.greeting', namespace: 'demo', value: 'hello', content_type: 'text' },
    changes: [{ value: 'good day' }, { value: 'good evening' }],
    isDeleted: true,
  },
  {
    path: '/api/v1/feature-flags',
    create: { name: 'demo-checkout', enabled: false, default_value: false, rollout_percentage: 0 },
    changes: [{ enabled: true, rollout_percentage: 25 }, { rollout_percentage: 100 }],
    isDeleted: false,
  },
  {
    path: '/api/v1/devices',
    create: { name: 'hall', device_type: 'thermostat', mac_address: '00:1a:2b:3c:4d:5e' },
    changes: [{ name: 'Entrance hall' }],
    isDeleted: false,
  },
] as const;

/**
 * Writes through the API over HTTP, several things in turn, so that their changes lie mixed in the log.
 * @throws Error when the service refuses one of them
 */
export async function writeThroughApi(url: string): Promise<Written[]> {
  const things = [];
  for (const story of STORIES) {
    const made = await send(url, { method: 'POST', path: story.path, body: story.create });
    things.push({ ...story, id: String(made?.['id']), subject: subjectOf(story.create) });
  }
  const rounds = Math.max(...things.map(({ changes }) => changes.length));
  for (let round = 0; round < rounds; round++) {
    for (const { path, id, changes } of things) {
      const body = changes[round];
      if (body) await send(url, { method: 'PATCH', path: `${path}/${id}`, body });
    }
  }
  for (const { path, id, isDeleted } of things) {
    if (isDeleted) await send(url, { method: 'DELETE', path: `${path}/${id}` });
  }
  return things.map(({ id, subject, changes, isDeleted }) => ({
    id,
    subject,
    changes: 1 + changes.length + Number(isDeleted),
  }));
}

const subjectOf = (body: { readonly name?: string; readonly key?: string }): string =>
  body.name ?? body.key ?? '';

async function send(url: string, { method, path, body }: Write): Promise<Record<string, unknown> | null> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body && {
      body: JSON.stringify(body),
      headers: { 'Content-Type': method === 'PATCH' ? MERGE_PATCH : 'application/json' },
    }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
  return text === '' ? null : (JSON.parse(text) as Record<string, unknown>);
}
