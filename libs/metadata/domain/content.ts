import { InvalidInput } from '#shared-kernel';

/** How the text of a value is to be read. */
export type ContentType = 'json' | 'yaml' | 'text' | 'binary';

/**
 * The value of an entry. The text is the exact JSON text, the YAML or plain text, or base64; what comes out is what went
 * in, to the byte.
 */
export interface Content {
  readonly type: ContentType;
  readonly text: string;
}

/** Checks YAML. A port, because the domain has no parser. */
export abstract class YamlSyntax {
  /** What is wrong with the text, in a sentence; null when nothing is. */
  abstract mistakeIn(text: string): string | null;
}

const MEDIA_TYPES: Readonly<Record<ContentType, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  text: 'text/plain',
  binary: 'application/octet-stream',
};
/** What stands in place of a secret where it is not shown. */
export const REDACTED = '***REDACTED***';
const REDACTED_JSON = JSON.stringify(REDACTED);
const VALUE_BYTES_MAX = 1_048_576;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Takes the short names and the media types. @throws InvalidInput */
export function contentType(text: string): ContentType {
  const known = Object.entries(MEDIA_TYPES).find(([short, media]) => text === short || text === media);
  if (!known)
    throw InvalidInput.at(
      '/content_type',
      'choice',
      `A content type is one of ${Object.keys(MEDIA_TYPES).join(', ')}.`,
    );
  return known[0] as ContentType;
}

export const mediaTypeOf = (type: ContentType): string => MEDIA_TYPES[type];

/** True for what was shown instead of a secret and came back: it says nothing of the value. */
export const isRedacted = ({ type, text }: Content): boolean =>
  text === (type === 'json' ? REDACTED_JSON : REDACTED);

/**
 * A value that is what it says to be, or what stands in place of one. JSON was read when it came in, and is text here.
 * @throws InvalidInput
 */
export function content(type: ContentType, text: string, yaml: YamlSyntax): Content {
  if (isRedacted({ type, text })) return { type, text };
  if (new TextEncoder().encode(text).length > VALUE_BYTES_MAX) {
    throw InvalidInput.at('/value', 'too_large', `A value has at most ${VALUE_BYTES_MAX} bytes.`);
  }
  if (type === 'binary' && !BASE64.test(text)) {
    throw InvalidInput.at('/value', 'base64', 'A binary value is base64 with padding (RFC 4648, section 4).');
  }
  const mistake = type === 'yaml' ? yaml.mistakeIn(text) : null;
  if (mistake !== null) throw InvalidInput.at('/value', 'yaml', mistake);
  return { type, text };
}

export const sameContent = (a: Content, b: Content): boolean => a.type === b.type && a.text === b.text;
