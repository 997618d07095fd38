import { writeYaml } from '#platform/yaml';
import type { ExportedConfiguration } from '../application/configuration-transfer.service.js';
import { DOCUMENT_FORMAT } from './configuration-document.js';
import { toDocumentItem } from './transfer.wire.js';

type Exported = AsyncIterable<ExportedConfiguration>;

/** Piece by piece, so that never more than some of the configurations are in memory. */
export async function* writeJsonDocument(exported: Exported): AsyncGenerator<string> {
  yield `{"format":${JSON.stringify(DOCUMENT_FORMAT)},"configurations":[`;
  let separator = '\n';
  for await (const one of exported) {
    yield `${separator}${JSON.stringify(toDocumentItem(one))}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** Likewise; items of a list may stand as far left as its key. */
export async function* writeYamlDocument(exported: Exported): AsyncGenerator<string> {
  yield writeYaml({ format: DOCUMENT_FORMAT });
  let isEmpty = true;
  for await (const one of exported) {
    if (isEmpty) yield 'configurations:\n';
    isEmpty = false;
    yield writeYaml([toDocumentItem(one)]);
  }
  if (isEmpty) yield 'configurations: []\n';
}
