import { eventually } from '../api.js';
import type { Kind, Others } from '../platform/kind.js';
import { WEBHOOKS } from './made.js';

/** Disabled, or what it is told would change while others look. */
const body: Kind['body'] = (name, text) => ({
  ...{ url: `https://hooks.example.com/${name}`, description: text.slice(0, 200), enabled: false },
});

/** Told of webhooks that are made, as of itself. */
const ofItself: Kind['body'] = async (name, text, others) => ({
  ...(await body(name, text, others)),
  ...{ enabled: true, types: ['io.metastore.webhooks.webhook.created.v1'] },
});

/** One that waits: the webhook is disabled as soon as it is there. */
async function waiting({ id }: { id: string }, others: Others): Promise<{ id: string }> {
  const { items } = await eventually(
    () => others.ask('GET', `${WEBHOOKS}/${id}/deliveries`),
    (page) => page.items.length > 0,
  );
  await others.ask('POST', `${WEBHOOKS}/${id}/disable`);
  return { id: items[0].id };
}

/** A sink that is told of nothing, so that nothing comes to pass while others look. */
const idle: Kind['body'] = async (name, text, others) => ({
  ...(await body(name, text, others)),
  ...{ enabled: true, types: ['io.metastore.none.such.happened.v1'] },
});

export const KINDS: readonly Kind[] = [
  { about: WEBHOOKS, collection: WEBHOOKS, body, facts: ({ id }) => ({ id }) },
  { about: `${WEBHOOKS}/deliveries`, collection: WEBHOOKS, body: ofItself, facts: waiting },
  {
    about: '/api/v1/admin/sinks',
    collection: WEBHOOKS,
    body: idle,
    facts: ({ id }) => ({ id, name: `webhook:${id}` }),
    hiddenWhenShared: true,
  },
];
