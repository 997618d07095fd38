import { KinesisSink } from './kinesis.module.js';

const NOTHING_SAYS_IT = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };

it('does not begin where nothing says in which region the stream is, and says so', async () => {
  const environment = jest.replaceProperty(process, 'env', NOTHING_SAYS_IT);
  const settings = { kinesisStream: 'events', kinesisEndpoint: null };
  const sinks = { register: jest.fn(), declare: jest.fn() };
  const sink = new KinesisSink(
    settings as never,
    sinks as never,
    null as never,
    null as never,
    null as never,
  );
  try {
    await expect(sink.onApplicationBootstrap()).rejects.toThrow('AWS_REGION must be set');
  } finally {
    environment.restore();
  }
  expect([sinks.register, sinks.declare].flatMap(({ mock }) => mock.calls)).toEqual([]);
  sink.onApplicationShutdown();
});
