import { eventually, TestApi } from '../api.js';
import { administer } from '../test-database.js';
import { ask, respond } from './asked.js';
import { CALLING_ENV, callbackOf, ok, Receiver, verified } from './receiver.js';
import type { Received } from './receiver.js';

it('goes nowhere in our own network unless that is allowed, and says nothing of it', async () => {
  const receiver = await Receiver.start();
  const closed = await TestApi.start();
  try {
    const { port } = new URL(receiver.url);
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f.1']) {
      const { id } = await ask(closed, { callback_url: `http://${host}:${port}/` });
      await respond(closed, id);
      const [told] = await eventually(
        async () => (await callbackOf(closed, id)).deliveries,
        ([each]) => each?.last_error !== null && each !== undefined,
      );
      expect([host, told.last_error, told.status]).toEqual([host, 'address_not_allowed', 'pending']);
    }
    expect(receiver.received).toHaveLength(0);
  } finally {
    await closed.stop();
    await receiver.stop();
  }
});

it('loses nothing when a process ends in the middle', async () => {
  const receiver = await Receiver.start((reply, count) => void (count > 1 && ok(reply)));
  const own = await TestApi.start({ env: { ...CALLING_ENV, WEBHOOK_TIMEOUT_MS: '60000' } });
  const { id, callback_secret: secret } = await ask(own, { callback_url: receiver.url });
  await respond(own, id);
  await receiver.until(1);
  // As if it had been killed: nobody tells how the attempt went, and its time is over.
  await administer(
    own.database.url,
    `update supervisor.callback set due_at = now() where request_id = '${id}'`,
  );
  const next = await TestApi.start({ env: CALLING_ENV, beside: own });
  try {
    const [one, other] = (await receiver.until(2)) as [Received, Received];
    expect(other.headers['webhook-id']).toBe(one.headers['webhook-id']);
    expect(verified(other, secret)).toEqual(verified(one, secret));
    await eventually(
      () => callbackOf(next, id),
      ({ deliveries }) => deliveries[0].status === 'delivered',
    );
  } finally {
    await next.stop();
    await receiver.stop();
    await own.stop();
  }
});
