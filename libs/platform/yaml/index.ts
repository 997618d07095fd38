export { parseYaml, writeYaml } from './yaml-value.js';
export { yamlMistakeIn } from './yaml-documents.js';
