import { KinesisSink } from './kinesis.module.js';

const NAMES = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'] as const;
let before: (readonly [string, string | undefined])[];

beforeEach(() => {
  before = NAMES.map((name) => [name, process.env[name]]);
  for (const name of NAMES) process.env[name] = '/dev/null';
  for (const name of NAMES.slice(0, 2)) delete process.env[name];
});

afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

it('does not begin where nothing says in which region the stream is, and says so', async () => {
  const settings = { kinesisStream: 'events', kinesisEndpoint: null };
  const sinks = { register: jest.fn(), declare: jest.fn() };
  const sink = new KinesisSink(
    settings as never,
    sinks as never,
    null as never,
    null as never,
    null as never,
  );
  await expect(sink.onApplicationBootstrap()).rejects.toThrow('AWS_REGION must be set');
  expect([sinks.register, sinks.declare].flatMap(({ mock }) => mock.calls)).toEqual([]);
  sink.onApplicationShutdown();
});
