/** The whole text of a body that is no JSON, for a route that declares `texts`. */
export class TextBody {
  constructor(
    /** Without parameters, for example `application/yaml`. */
    readonly mediaType: string,
    readonly text: string,
  ) {}
}

/** Every media type that some route takes as a text; always in UTF-8. */
export const TEXT_TYPES = [
  'application/yaml',
  'application/x-yaml',
  'text/yaml',
  'text/csv',
  'text/plain',
  'text/x-java-properties',
] as const;
export type TextType = (typeof TEXT_TYPES)[number];

/** Every media type that some route takes as a file, besides texts: the encoding is for whoever reads it to find out. */
export const FILE_TYPES = [
  'application/ofx',
  'application/x-ofx',
  'application/vnd.intu.qfx',
  'application/qif',
  'application/x-qif',
  'application/xml',
  'text/xml',
] as const;
export type FileType = (typeof FILE_TYPES)[number] | TextType | 'application/octet-stream';
