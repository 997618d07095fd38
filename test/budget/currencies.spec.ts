import { execFileSync } from 'node:child_process';

it('has the currencies of the ISO list, as the generator writes them', () => {
  const generator = new URL('write-currencies.mjs', import.meta.url).pathname;
  expect(() => execFileSync(process.execPath, [generator, '--check'], { stdio: 'pipe' })).not.toThrow();
});
