// Turns our TypeScript, and the ES modules among the dependencies, into CommonJS: jest's own ESM mode breaks on CommonJS
// packages that require an ES module, and NestJS 12 is one.
const { createHash } = require('node:crypto');
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { transformSync, version } = require('@swc/core');

const OPTIONS = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'commonjs', importInterop: 'swc' },
};
const TYPESCRIPT = {
  target: 'es2022',
  keepClassNames: true,
  parser: { syntax: 'typescript', decorators: true },
  transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
};
const JAVASCRIPT = { target: 'es2022', parser: { syntax: 'ecmascript' } };

const moduleFolders = new Map();

/** Whether a .js file of this folder is an ES module, by the nearest package.json. */
function isModuleFolder(folder) {
  const known = moduleFolders.get(folder);
  if (known !== undefined) return known;
  const manifest = join(folder, 'package.json');
  const parent = dirname(folder);
  const answer = existsSync(manifest)
    ? JSON.parse(readFileSync(manifest, 'utf8')).type === 'module'
    : parent !== folder && isModuleFolder(parent);
  moduleFolders.set(folder, answer);
  return answer;
}

function isModule(file) {
  return file.endsWith('.mjs') || (file.endsWith('.js') && isModuleFolder(dirname(file)));
}

module.exports = {
  getCacheKey(source, file) {
    return createHash('sha256')
      .update(version)
      .update(JSON.stringify([OPTIONS, TYPESCRIPT, JAVASCRIPT]))
      .update(file)
      .update(source)
      .digest('hex');
  },
  process(source, file) {
    const isTypeScript = file.endsWith('.ts');
    if (!isTypeScript && !isModule(file)) return { code: source };
    return transformSync(source, { ...OPTIONS, filename: file, jsc: isTypeScript ? TYPESCRIPT : JAVASCRIPT });
  },
};
