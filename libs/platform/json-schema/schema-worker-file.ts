import { fileURLToPath } from 'node:url';

/** The file that workers run, and how Node is to be started for it. */
export const SCHEMA_WORKER: { readonly filename: string; readonly execArgv: readonly string[] } = {
  filename: fileURLToPath(new URL('./schema-worker.js', import.meta.url)),
  execArgv: [],
};
