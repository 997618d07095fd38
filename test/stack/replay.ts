import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ROOT } from './compose.js';
import { contextOfBuild, execForm, properties, readStages } from './dockerfile.js';
import type { Stage, Step } from './dockerfile.js';

/** What the image would be: a folder for its file system above the one of the base image, and how to run in it. */
export interface Image {
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** As USER has it, uid and gid. */
  readonly user: readonly [number, number];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

/** A stage under work. */
interface Built {
  readonly folder: string;
  readonly environment: Record<string, string>;
  workingFolder: string;
  last: Map<string, Step>;
}

const OUTSIDE = /(?:^|[\s"'=])(?:\/(?!dev\/null)|~|\.\.)/;
const NOTED = new Set(['LABEL', 'EXPOSE', 'USER', 'STOPSIGNAL', 'HEALTHCHECK', 'CMD']);

/**
 * Does what a build of deploy/Dockerfile would do, in folders below this one instead of containers, with the Node and the npm of this
 * machine. What cannot be done so fails: no step may touch anything outside its stage.
 */
export function replay(folder: string, say: (line: string) => void): Image {
  const built = new Map<string, Built>();
  for (const stage of readStages()) {
    say(`FROM ${stage.base} AS ${stage.name}`);
    const work = begin(join(folder, stage.name), stage, built);
    built.set(stage.name, work);
    for (const step of stage.steps) {
      say(
        `  ${step.keyword} ${[...step.flags].map(([name, value]) => `--${name}=${value} `).join('')}${step.text}`,
      );
      perform(step, work, built);
    }
  }
  return imageOf([...built.values()].at(-1));
}

function begin(folder: string, { base }: Stage, built: ReadonlyMap<string, Built>): Built {
  const from = built.get(base);
  mkdirSync(folder, { recursive: true });
  if (from) link(from.folder, folder);
  const workingFolder = from ? join(folder, from.workingFolder.slice(from.folder.length)) : folder;
  return { folder, workingFolder, environment: { ...from?.environment }, last: new Map() };
}

/** What is in a folder, into another one: as links, because no step writes into a file that is there. */
function link(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  execFileSync('cp', ['--archive', '--link', `${from}/.`, to]);
}

function perform(step: Step, work: Built, built: ReadonlyMap<string, Built>): void {
  if (step.keyword === 'WORKDIR') {
    work.workingFolder = join(work.folder, step.text);
    mkdirSync(work.workingFolder, { recursive: true });
  } else if (step.keyword === 'ENV') Object.assign(work.environment, properties(step.text));
  else if (step.keyword === 'COPY') copy(step, work, built);
  else if (step.keyword === 'RUN') run(step, work);
  else if (NOTED.has(step.keyword)) work.last.set(step.keyword, step);
  else throw new Error(`The replay does not know ${step.keyword}.`);
}

function copy({ flags, text }: Step, work: Built, built: ReadonlyMap<string, Built>): void {
  const words = text.split(/\s+/);
  const target = words.pop() ?? '.';
  const from = flags.get('from');
  for (const source of words) {
    const name = target.endsWith('/') ? basename(source) : '';
    const to = resolve(work.workingFolder, target, name);
    if (from === undefined) copyFromContext(source, to);
    else copyFromStage(source, to, built.get(from));
  }
}

function copyFromStage(source: string, to: string, stage: Built | undefined): void {
  if (!stage) throw new Error(`${source} is copied from a stage that is not there yet.`);
  link(join(stage.folder, source), to);
}

/** A file, or what is in a folder. */
function copyFromContext(source: string, to: string): void {
  const paths = contextOfBuild().filter((path) => path === source || path.startsWith(`${source}/`));
  if (paths.length === 0) throw new Error(`The context has no ${source}.`);
  for (const path of paths) {
    const file = join(to, path.slice(source.length));
    mkdirSync(dirname(file), { recursive: true });
    cpSync(join(ROOT, path), file);
  }
}

function run({ flags, text }: Step, work: Built): void {
  if (OUTSIDE.test(text)) throw new Error(`"${text}" names a path outside of its stage.`);
  const mount = flags.get('mount');
  if (mount !== undefined && mount !== 'type=cache,target=/root/.npm')
    throw new Error(`The replay does not know the mount ${mount}.`);
  const { PATH = '', HOME = '' } = process.env;
  const { status } = spawnSync('/bin/sh', ['-c', text], {
    cwd: work.workingFolder,
    // The cache of npm that this machine has is the one that is mounted.
    env: { PATH, HOME, npm_config_prefer_offline: 'true', ...work.environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`"${text}" ended with ${String(status)}.`);
}

function imageOf(work: Built | undefined): Image {
  if (!work) throw new Error('The Dockerfile has no stage.');
  const check = work.last.get('HEALTHCHECK');
  const [uid = 0, gid = 0] = work.last.get('USER')?.text.split(':').map(Number) ?? [];
  return {
    workingFolder: work.workingFolder,
    environment: work.environment,
    user: [uid, gid],
    command: execForm(work.last.get('CMD')),
    healthCheck: execForm(check && { ...check, text: check.text.replace(/^CMD /, '') }),
  };
}
