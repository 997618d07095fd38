export { parseYaml, writeYaml } from './yaml-value.js';
export { yamlMistakeIn } from './yaml-documents.js';
export { parseYamlStream } from './yaml-stream.js';
export type { YamlDocument } from './yaml-stream.js';
