import { alternate } from '../alternate.js';
import { createDatabase } from '../database.js';
import { flagBody, visitors } from '../flag-sample.js';
import { makeFolder } from '../folder.js';
import { HttpClient } from '../http-client.js';
import { load } from '../load.js';
import type { Load } from '../load.js';
import { withProcessorTime } from '../processor-time.js';
import type { CostedLoad } from '../processor-time.js';
import { startRawServer } from '../raw-server.js';
import type { RawAnswer } from '../raw-server.js';
import type { Bench, Figure, Row } from '../row.js';
import { Service } from '../service.js';
import { median } from '../statistics.js';

const FLAGS = 100;
const CONNECTIONS = 50;
const WARM_UP_SECONDS = 2;
const BULK = '/ofrep/v1/evaluate/flags';
const nameOf = (index: number): string => `checkout-${index}`;
const QUESTIONS = visitors(FLAGS).map((visitor) =>
  JSON.stringify({ context: { ...visitor, environment: 'production' } }),
);
const FIRST = QUESTIONS[0] ?? '';

/** One kind of question, and what the bare server has to answer to it. */
interface Kind {
  readonly work: string;
  readonly load: Omit<Load, 'url' | 'connections' | 'seconds'> & { readonly path: string };
  readonly answer: RawAnswer;
  readonly ratioMin: number;
  /** Of the 99th percentiles; absent: not judged. */
  readonly p99RatioMax?: number;
}

interface Turn {
  readonly ours: readonly CostedLoad[];
  readonly theirs: readonly CostedLoad[];
}

/** The remote evaluation of OpenFeature, against a server that reads the same questions and answers as many bytes. */
export const ofrep: Row = {
  name: 'ofrep',
  async run(bench: Bench): Promise<Figure[]> {
    const { server, scope } = bench;
    const databaseUrl = await createDatabase(scope, server);
    const service = await Service.start(scope, { dataDir: await makeFolder(scope), databaseUrl });
    const figures: Figure[] = [];
    for (const kind of await kindsOf(service)) {
      figures.push(...figuresOf(kind, await measure(bench, service, kind)));
    }
    return figures;
  },
};

async function kindsOf(service: Service): Promise<Kind[]> {
  const client = new HttpClient(service.url);
  try {
    for (let index = 0; index < FLAGS; index += 1) {
      await client.write('POST', '/api/v1/feature-flags', flagBody(nameOf(index)));
    }
    const path = `${BULK}/${nameOf(0)}`;
    const one = await client.write('POST', path, JSON.parse(FIRST) as object);
    const all = await client.write('POST', BULK, JSON.parse(FIRST) as object);
    const contentType = one.headers['content-type'] ?? '';
    const etag = all.headers.etag ?? '';
    const common = { contentType, etag: '', isForQuestions: true } as const;
    return [
      {
        work: 'OFREP, one flag',
        load: { path, questions: QUESTIONS },
        answer: { ...common, body: one.text },
        ...{ ratioMin: 0.6, p99RatioMax: 3 },
      },
      {
        work: `OFREP, ${FLAGS} flags`,
        load: { path: BULK, questions: QUESTIONS },
        answer: { ...common, etag, body: all.text },
        ratioMin: 0.25,
      },
      {
        work: `OFREP, ${FLAGS} flags, unchanged`,
        load: { path: BULK, questions: [FIRST], headers: { 'if-none-match': etag }, status: 304 },
        answer: { ...common, etag, body: '', status: 304 },
        ratioMin: 0.6,
      },
    ];
  } finally {
    client.close();
  }
}

async function measure({ scope, seconds }: Bench, service: Service, kind: Kind): Promise<Turn> {
  const raw = await startRawServer(scope, kind.answer);
  const { path, ...what } = kind.load;
  const run = (target: Pick<typeof raw, 'url' | 'pid'>, forSeconds: number): Promise<CostedLoad> => {
    const whole = { ...what, url: `${target.url}${path}`, connections: CONNECTIONS, seconds: forSeconds };
    return withProcessorTime(target.pid, () => load(scope, whole));
  };
  await run(raw, WARM_UP_SECONDS);
  await run(service, WARM_UP_SECONDS);
  return alternate(
    () => run(service, seconds),
    () => run(raw, seconds),
  );
}

function figuresOf({ work, ratioMin, p99RatioMax }: Kind, { ours, theirs }: Turn): Figure[] {
  const middle = (of: (each: CostedLoad) => number) => ({
    measured: median(ours.map(of)),
    yardstick: median(theirs.map(of)),
  });
  const rate: Figure = {
    ...{ work, unit: 'req/s', ...middle((each) => each.requestsPerSecond) },
    bar: { kind: 'at least', value: ratioMin },
    details: { connections: CONNECTIONS, ours, theirs },
  };
  if (p99RatioMax === undefined) return [rate];
  const p99: Figure = {
    ...{ work: `${work}, p99`, unit: 'ms', ...middle((each) => each.p99Ms) },
    bar: { kind: 'at most', value: p99RatioMax },
  };
  return [rate, p99];
}
