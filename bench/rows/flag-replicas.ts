import { measurePropagation } from '../propagation.js';
import type { Row } from '../row.js';

const FLAGS = '/api/v1/feature-flags';
const NAME = 'replicated';

/** How long a change of a flag on one replica takes until the other one evaluates it. */
export const flagReplicas: Row = {
  name: 'flag-replicas',
  run: (bench) =>
    measurePropagation(bench, 'flag change on A until evaluated on B', async (here) => {
      const created = await here.write('POST', FLAGS, { name: NAME, enabled: true, default_value: 0 });
      const path = `${FLAGS}/${(JSON.parse(created.text) as { id: string }).id}`;
      return {
        change: (replica, value) =>
          replica.write('PUT', path, { default_value: value, rollout_value: value }),
        async look(there) {
          const { text } = await there.write('POST', `${FLAGS}/evaluate/bulk`, {
            flags: [NAME],
            context: {},
          });
          return (JSON.parse(text) as Answer).values[NAME];
        },
      };
    }),
};

interface Answer {
  readonly values: Readonly<Record<string, unknown>>;
}
