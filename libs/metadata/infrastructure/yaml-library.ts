import { Injectable } from '@nestjs/common';
import { yamlMistakeIn } from '#platform/yaml';
import { YamlSyntax } from '../domain/content.js';

/** YAML 1.2 as the platform reads it. */
@Injectable()
export class YamlLibrary extends YamlSyntax {
  override mistakeIn(text: string): string | null {
    return yamlMistakeIn(text);
  }
}
