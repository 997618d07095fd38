// Lets plain Node, outside of jest's own module system, load our sources: ./x.js is ./x.ts, and #doors lead to sources.
// Jest runs its global set-up and tear-down there.
const Module = require('node:module');
const { join } = require('node:path');

const ROOT = join(__dirname, '../..');
const { imports } = require(join(ROOT, 'package.json'));
const resolve = Module._resolveFilename;

function doorOf(request) {
  for (const [pattern, { source }] of Object.entries(imports)) {
    const [before, after] = pattern.split('*');
    if (request === pattern) return join(ROOT, source);
    if (after !== undefined && request.startsWith(before))
      return join(ROOT, source.replace('*', request.slice(before.length)));
  }
  return request;
}

Module._resolveFilename = function (request, parent, ...rest) {
  if (request.startsWith('#') && !parent?.filename?.includes('node_modules')) return doorOf(request);
  const isOurs = /^\.{1,2}\/.*\.js$/.test(request) && parent?.filename?.endsWith('.ts');
  return resolve.call(this, isOurs ? request.replace(/\.js$/, '.ts') : request, parent, ...rest);
};
