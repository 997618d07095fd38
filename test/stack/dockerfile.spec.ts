import { readCompose, readText } from './compose.js';
import { contextOfBuild, execForm, inContext, properties, readStages } from './dockerfile.js';

const stages = readStages();
const runtime = stages.at(-1);
const manifest = JSON.parse(readText('package.json')) as {
  scripts: Record<string, string>;
  engines: { node: string };
  license: string;
};
const stepsOf = (keyword: string) => runtime?.steps.filter((step) => step.keyword === keyword) ?? [];

describe('deploy/Dockerfile', () => {
  it('has a stage for each thing that changes by itself, and the image last', () => {
    expect(stages.map(({ name }) => name)).toEqual([
      'dependencies',
      'production-dependencies',
      'build',
      'runtime',
    ]);
  });

  it('starts from one exact Node, which package.json allows', () => {
    const names = new Set(stages.map(({ name }) => name));
    const images = new Set(stages.map(({ base }) => base).filter((base) => !names.has(base)));
    expect(images.size).toBe(1);
    const [, major, minor] = /^node:(\d+)\.(\d+)\.\d+-bookworm-slim$/.exec([...images][0] ?? '') ?? [];
    const [, least, leastMinor] = /^>=(\d+)\.(\d+)$/.exec(manifest.engines.node) ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(Number(least));
    expect(Number(major) > Number(least) || Number(minor) >= Number(leastMinor)).toBe(true);
  });

  it('installs dependencies before it copies what changes more often', () => {
    for (const name of ['dependencies', 'production-dependencies']) {
      const [first] =
        stages.find((stage) => stage.name === name)?.steps.filter(({ keyword }) => keyword === 'COPY') ?? [];
      expect(first?.text).toBe('package.json package-lock.json ./');
    }
  });

  it('starts as npm start does, without npm', () => {
    expect(stepsOf('CMD')).toHaveLength(1);
    expect(execForm(stepsOf('CMD')[0]).join(' ')).toBe(manifest.scripts['start']);
    expect(stepsOf('ENTRYPOINT')).toEqual([]);
    expect(stepsOf('RUN')).toEqual([]);
  });

  it('runs as a user by number who is not root', () => {
    expect(stepsOf('USER').map(({ text }) => text)).toEqual(['1000:1000']);
  });

  it('listens on every address of its container, in production', () => {
    const environment = properties(
      stepsOf('ENV')
        .map(({ text }) => text)
        .join(' '),
    );
    expect(environment).toEqual({
      NODE_ENV: 'production',
      APP_ENV: 'production',
      APP_HOST: '0.0.0.0',
      APP_PORT: '8002',
    });
    expect(stepsOf('EXPOSE').map(({ text }) => text)).toEqual([environment['APP_PORT']]);
  });

  it('knows whether it is well as docker-compose.yml does', () => {
    const [check] = stepsOf('HEALTHCHECK');
    const [, command = ''] = /^CMD (.*)$/.exec(check?.text ?? '') ?? [];
    const compose = readCompose().services['metastore']?.healthcheck?.test;
    expect(['CMD', ...(JSON.parse(command) as string[])]).toEqual(compose);
    expect([...(check?.flags.keys() ?? [])]).toEqual(['interval', 'timeout', 'start-period', 'retries']);
  });

  it('says under which license it comes', () => {
    const labels = properties(
      stepsOf('LABEL')
        .map(({ text }) => text)
        .join(' '),
    );
    expect(labels).toMatchObject({
      'org.opencontainers.image.title': 'Metastore',
      'org.opencontainers.image.licenses': manifest.license,
    });
  });
});

describe('.dockerignore', () => {
  const context = contextOfBuild();

  it('lets in what the Dockerfile copies', () => {
    const copied = stages
      .flatMap(({ steps }) => steps)
      .filter(({ keyword, flags }) => keyword === 'COPY' && !flags.has('from'))
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1));
    expect(new Set(context.map((path) => path.split('/')[0]))).toEqual(new Set(copied));
  });

  it.each([
    '.env',
    'apps/.env',
    'libs/budget/.env.local',
    '.git/config',
    '.data/encryption.key',
    'libs/.data/encryption.key',
    'node_modules/pg/package.json',
    'libs/budget/node_modules/x/index.js',
    'dist/apps/api/main.js',
    'test/api.ts',
    'apps/api/start.spec.ts',
    'libs/budget/testing/an-item.ts',
    'server.pem',
  ])('keeps %s out', (path) => {
    expect(inContext([path, 'package.json'])).toEqual(['package.json']);
  });
});
