import { createDatabase } from '../database.js';
import { makeFolder } from '../folder.js';
import type { Bench, Figure, Row } from '../row.js';
import { Scope, within } from '../scope.js';
import { Service } from '../service.js';
import type { ServiceOptions } from '../service.js';
import { median } from '../statistics.js';

const ROUNDS = 3;
const MILLISECONDS = 1_000;
const EXTERNAL_SECONDS_MAX = 2;
const EMBEDDED_SECONDS_MAX = 5;

/** From the start of the process until it says that it is ready: with nothing there yet, and with everything. */
export const start: Row = {
  name: 'start',
  async run({ server, scope }: Bench): Promise<Figure[]> {
    const external = await rounds(scope, async (own, dataDir) => ({
      dataDir,
      databaseUrl: await createDatabase(own, server),
    }));
    const embedded = await rounds(scope, async (_, dataDir) => ({ dataDir, databaseUrl: null }));
    return [
      figure('start, external, empty database', external.cold, EXTERNAL_SECONDS_MAX),
      figure('start, external, migrated', external.warm, EXTERNAL_SECONDS_MAX),
      figure('start, embedded, empty folder', embedded.cold, EMBEDDED_SECONDS_MAX),
      figure('start, embedded, existing data', embedded.warm, EMBEDDED_SECONDS_MAX),
    ];
  },
};

interface Starts {
  /** Seconds each. */
  readonly cold: number[];
  readonly warm: number[];
}

/** Each round starts twice on the same data, the first time on none. */
async function rounds(
  scope: Scope,
  place: (own: Scope, dataDir: string) => Promise<ServiceOptions>,
): Promise<Starts> {
  const starts: Starts = { cold: [], warm: [] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    const own = new Scope();
    scope.defer(() => own.close());
    await within(own, async () => {
      const options = await place(own, await makeFolder(own));
      starts.cold.push(await secondsToReady(own, options));
      starts.warm.push(await secondsToReady(own, options));
    });
  }
  return starts;
}

async function secondsToReady(scope: Scope, options: ServiceOptions): Promise<number> {
  const service = await Service.start(scope, options);
  await service.stop();
  return service.readyAfterMs / MILLISECONDS;
}

function figure(work: string, seconds: readonly number[], secondsMax: number): Figure {
  return {
    work,
    unit: 's',
    measured: median(seconds),
    yardstick: null,
    bar: { kind: 'at most', value: secondsMax },
    details: { seconds },
  };
}
