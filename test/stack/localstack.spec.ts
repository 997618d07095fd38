import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './compose.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'metastore-localstack-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script as LocalStack does, where its command line answers like this. */
function run(script: string, answers: string): string {
  const calls = join(folder, 'calls');
  writeFileSync(
    join(folder, 'awslocal'),
    `#!/bin/sh\necho "$*" >> ${calls}\ncase "$*" in\n${answers}\nesac\n`,
    { mode: 0o755 },
  );
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, KINESIS_STREAM: 'events' };
  const said = execFileSync('sh', [join(ROOT, 'deploy/localstack', script)], { env, encoding: 'utf8' });
  return said + execFileSync('cat', [calls], { encoding: 'utf8' }).replaceAll(/^/gm, '> ');
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

it('what lies in the stream is an event a line, shard by shard, and an empty shard is none', () => {
  const said = run(
    'read-stream.sh',
    `*list-shards*) printf 'a\\tb\\tc\\n' ;;
     *get-shard-iterator*'--shard-id a '*) echo first ;;
     *get-shard-iterator*'--shard-id b '*) echo second ;;
     *get-shard-iterator*) echo third ;;
     *get-records*first*) printf '${base64('{"n":1}')}\\t${base64('{"n":"ä"}')}\\n' ;;
     *get-records*second*) echo None ;;
     *get-records*) printf '${base64('{"n":3}')}\\n' ;;`,
  );
  expect(said.split('\n').filter((line) => !line.startsWith('>'))).toEqual([
    '{"n":1}',
    '{"n":"ä"}',
    '{"n":3}',
  ]);
});

it('the stream is made when it is not there, and left as it is when it is', () => {
  const missing = run('create-stream.sh', `*describe*) exit 254 ;;`);
  expect(missing).toContain('> kinesis create-stream --stream-name events --shard-count 2');
  rmSync(join(folder, 'calls'));
  expect(run('create-stream.sh', '*) ;;')).not.toContain('create-stream');
});
