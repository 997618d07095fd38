import type { Steps } from '../step.js';

const OF_WEBHOOK = { name: '{{sinkName}}' };
const PARKED = { ...OF_WEBHOOK, id: '{{parkedEventId}}' };

export const SINK_STEPS: Steps = {
  listSinks: {
    ...{ query: { kind: 'webhook' }, until: 'body.items.length > 0' },
    keep: { sinkName: 'items[0].name' },
  },
  getSink: { path: OF_WEBHOOK },
  listParkedEvents: { path: OF_WEBHOOK },
  removeSink: { path: OF_WEBHOOK },
  retryParkedEvent: { path: PARKED },
  forgetParkedEvent: { path: PARKED },
};

const NOTHING_PARKED = 'Only what Kinesis can never take is put aside, and no stream is set.';

export const SINKS_NOT_CALLED = {
  removeSink: 'Only a sink that is not set any more can be removed.',
  retryParkedEvent: NOTHING_PARKED,
  forgetParkedEvent: NOTHING_PARKED,
};
