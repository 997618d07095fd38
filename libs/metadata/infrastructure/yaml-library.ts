import { Injectable } from '@nestjs/common';
import { parseAllDocuments } from 'yaml';
import type { YAMLError } from 'yaml';
import { YamlSyntax } from '../domain/content.js';

/** Aliases that expand to more than this are a bomb. */
const ALIASES_MAX = 100;

/** YAML 1.2 as the library `yaml` reads it. */
@Injectable()
export class YamlLibrary extends YamlSyntax {
  override mistakeIn(text: string): string | null {
    try {
      for (const document of parseAllDocuments(text, { version: '1.2', uniqueKeys: true })) {
        const mistake = 'errors' in document ? document.errors[0] : undefined;
        if (mistake) return describe(mistake);
        if ('toJS' in document) document.toJS({ maxAliasCount: ALIASES_MAX });
      }
      return null;
    } catch (error) {
      return error instanceof ReferenceError
        ? 'Its aliases expand to too much.'
        : 'It cannot be read as YAML 1.2.';
    }
  }
}

/** Without the parser's own words, because they quote the text, and the text may be a secret. */
function describe({ code, linePos }: YAMLError): string {
  const reason = code.toLowerCase().replaceAll('_', ' ');
  return `It is not YAML 1.2: ${reason}${linePos ? ` in line ${linePos[0].line}` : ''}.`;
}
