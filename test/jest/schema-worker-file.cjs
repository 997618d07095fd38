// Under jest the sources are not built: workers run the TypeScript itself.
const { join } = require('node:path');

exports.SCHEMA_WORKER = {
  filename: join(__dirname, '../../libs/platform/json-schema/schema-worker.ts'),
  execArgv: ['-r', join(__dirname, 'register.cjs')],
};
