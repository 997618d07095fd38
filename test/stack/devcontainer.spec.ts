import { readText } from './compose.js';

interface DevContainer {
  readonly image: string;
  readonly forwardPorts: readonly number[];
  readonly portsAttributes: Readonly<Record<string, unknown>>;
  readonly postCreateCommand: string;
  readonly remoteUser: string;
}

/** Those of the specification of development containers that may stand beside an image. */
const KNOWN = new Set([
  ...['name', 'image', 'features', 'forwardPorts', 'portsAttributes', 'postCreateCommand', 'remoteUser'],
  ...['containerEnv', 'remoteEnv', 'mounts', 'runArgs', 'customizations', 'hostRequirements', 'init'],
]);

const container = JSON.parse(readText('.devcontainer/devcontainer.json')) as DevContainer;

it('has only properties that a development container has', () => {
  expect(Object.keys(container).filter((name) => !KNOWN.has(name))).toEqual([]);
});

it('has the Node that the Dockerfile has', () => {
  const ofImage = /NODE_IMAGE=node:(\d+)\.\d+\.\d+-([a-z]+)-slim/.exec(readText('deploy/Dockerfile'));
  expect(container.image).toBe(
    `mcr.microsoft.com/devcontainers/javascript-node:${ofImage?.[1]}-${ofImage?.[2]}`,
  );
});

it('forwards the port that the service listens on', () => {
  const port = /^APP_PORT=(\d+)$/m.exec(readText('.env.example'))?.[1] ?? '';
  expect(container.forwardPorts).toContain(Number(port));
  expect(Object.keys(container.portsAttributes)).toEqual(container.forwardPorts.map(String));
});

it('installs the dependencies as a user who is not root', () => {
  expect(container.postCreateCommand).toBe('npm ci');
  expect(container.remoteUser).toBe('node');
});
