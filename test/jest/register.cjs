// Lets plain Node run our TypeScript, for processes that a test starts and kills: node -r test/jest/register.cjs file.ts
require('./sources.cjs');
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const transformer = require('./transformer.cjs');

Module._extensions['.ts'] = (module, filename) => {
  module._compile(transformer.process(readFileSync(filename, 'utf8'), filename).code, filename);
};
