import converter from 'openapi-to-postmanv2';
import type { Document, Operation } from './openapi.js';

/** A part of a URL or a header, as a collection has it. */
export interface Field {
  readonly key: string;
  readonly value: string;
  readonly description?: unknown;
  readonly disabled?: true;
}

/** A request as the converter leaves it. */
export interface ConvertedRequest {
  readonly method: string;
  readonly url: {
    readonly host: readonly string[];
    readonly path: readonly string[];
    readonly query: readonly Field[];
    readonly variable: readonly Field[];
  };
  /** Absent where there is none. */
  readonly header?: readonly Field[];
}

interface Item {
  readonly item?: readonly Item[];
  readonly request?: ConvertedRequest;
}

/** Values are filled in later: what the converter makes up is another one each time. */
const OPTIONS = {
  ...{ folderStrategy: 'Tags', requestNameSource: 'Fallback', schemaFaker: false },
  ...{ includeAuthInfoInExample: false, alwaysInheritAuthentication: true, enableOptionalParameters: false },
};

/** The requests of all operations, by `requestKey`. */
export async function convert(document: Document): Promise<ReadonlyMap<string, ConvertedRequest>> {
  const collection = await converted(document);
  const requests = requestsOf(collection);
  return new Map(
    requests.map((request) => [keyOf(request.method, `/${request.url.path.join('/')}`), request]),
  );
}

/** `GET /companies/:id`: how the converter writes a path. */
export const requestKey = ({ method, path }: Operation): string =>
  keyOf(method, path.replaceAll(/\{([^}]+)\}/g, ':$1'));

const keyOf = (method: string, path: string): string => `${method} ${path}`;

function converted(document: Document): Promise<Item> {
  const data = structuredClone(document); // It is worked on in place.
  return new Promise((resolve, reject) => {
    converter.convertV2({ type: 'json', data }, OPTIONS, (error, { result, reason, output }) => {
      const [collection] = output ?? [];
      if (error || !result || !collection) reject(error ?? new Error(reason ?? 'Nothing was converted.'));
      else resolve(collection.data as Item);
    });
  });
}

function requestsOf({ item = [], request }: Item): ConvertedRequest[] {
  return [...(request ? [request] : []), ...item.flatMap(requestsOf)];
}
