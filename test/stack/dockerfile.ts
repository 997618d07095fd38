import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import dockerignore from '@balena/dockerignore';
import { DockerfileParser } from 'dockerfile-ast';
import type { Instruction, ModifiableInstruction } from 'dockerfile-ast';
import { readText, ROOT } from './compose.js';

/** One instruction of a stage, with the variables that hold for all stages filled in. */
export interface Step {
  readonly keyword: string;
  /** `--from=build` is `from` → `build`. */
  readonly flags: ReadonlyMap<string, string>;
  /** Without keyword and flags, on one line. */
  readonly text: string;
}

/** What lies between one FROM and the next. */
export interface Stage {
  readonly name: string;
  /** An image, or an earlier stage. */
  readonly base: string;
  readonly steps: readonly Step[];
}

const FLAGS = /^((?:--[a-z-]+=\S+\s+)*)/;

/** The stages of deploy/Dockerfile, in their order. */
export function readStages(): Stage[] {
  const stages: { name: string; base: string; steps: Step[] }[] = [];
  const globals = new Map<string, string>();
  for (const instruction of DockerfileParser.parse(readText('deploy/Dockerfile')).getInstructions()) {
    const step = stepOf(
      instruction,
      stages.length === 0 || instruction.getKeyword() === 'FROM' ? globals : new Map(),
    );
    if (step.keyword === 'FROM') {
      const [, base = '', name = ''] = /^(\S+) +AS +(\S+)$/i.exec(step.text) ?? [];
      stages.push({ name, base, steps: [] });
    } else if (stages.length === 0) {
      const [name = '', value = ''] = step.text.split('=', 2);
      globals.set(name, value);
    } else stages.at(-1)?.steps.push(step);
  }
  return stages;
}

function stepOf(instruction: Instruction, variables: ReadonlyMap<string, string>): Step {
  const content = (instruction.getArgumentsContent() ?? '').replace(/\\\n\s*/g, '');
  const flags = FLAGS.exec(content)?.[1] ?? '';
  const written = 'getFlags' in instruction ? (instruction as ModifiableInstruction).getFlags() : [];
  return {
    keyword: instruction.getKeyword(),
    flags: new Map(written.map((flag) => [flag.getName(), flag.getValue() ?? ''])),
    text: content
      .slice(flags.length)
      .replace(/\$\{(\w+)\}/g, (all, name: string) => variables.get(name) ?? all),
  };
}

/** The words of an instruction in the exec form, `["node", "x.js"]`. */
export function execForm(step: Step | undefined): string[] {
  return JSON.parse(step?.text ?? '[]') as string[];
}

/** `A=1 B="x y"` as ENV and LABEL have it. */
export function properties(text: string): Record<string, string> {
  const pairs = text.matchAll(/([\w.-]+)=(?:"([^"]*)"|(\S+))/g);
  return Object.fromEntries([...pairs].map(([, name = '', quoted, bare]) => [name, quoted ?? bare ?? '']));
}

/** Which of these paths a build gets to see, as .dockerignore has it. */
export function inContext(paths: readonly string[]): string[] {
  const rules = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  return dockerignore
    .default()
    .add(rules)
    .filter([...paths]);
}

/** The context of a build from this folder, without what git ignores: as from a clone, with what is not committed yet. */
export function contextOfBuild(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return inContext(listed.split('\0').filter(Boolean));
}
