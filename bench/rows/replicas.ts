import { measurePropagation } from '../propagation.js';
import type { Row } from '../row.js';

const PATH = '/api/v1/metadata/key/app.replicated?namespace=default';

/** How long a write on one replica takes until the other one, which has the entry in memory, answers with it. */
export const replicas: Row = {
  name: 'replicas',
  run: (bench) =>
    measurePropagation(bench, 'write on A until seen on B', async () => ({
      change: (here, value) => here.write('PUT', PATH, { value }),
      async look(there) {
        const { status, text } = await there.get(PATH);
        return status === 200 ? (JSON.parse(text) as { value: unknown }).value : undefined;
      },
    })),
};
