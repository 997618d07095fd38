import type { Call } from '#platform/context';
import type { FastLane } from './fast-lane.js';
import type { RouteTable } from './route-table.js';
import type { Audience } from './security-headers.js';
import type { FileType, TextType } from './text-body.js';

/** What a route declares about itself; the hooks of the platform act on it. */
export interface RouteDeclaration {
  /** The permission that is needed; `public` for what anybody may see. A route without it does not start. */
  readonly allow: string;
  /** Members of the body that are kept as the exact text, as JSON Pointers with `*` for an index. */
  readonly exact?: readonly string[];
  /** The media type of a body that is taken in whole on disk before the handler begins, for the handler to read piece by piece. */
  readonly streamed?: string;
  /** Media types that are taken beside JSON, and handed over as a `TextBody`. */
  readonly texts?: readonly TextType[];
  /** The body is a file of one of these kinds, larger than bodies are, and handed over as a `Buffer`. */
  readonly file?: { readonly types: readonly FileType[]; readonly bytesMax: number };
  /** A body of JSON may be a list, too. */
  readonly lists?: boolean;
  /** The body is handed over as the bytes that were sent; the handler makes of them what it wants. */
  readonly bytes?: boolean;
  /** The answer is one versioned resource: it gets ETag, Location and 304. */
  readonly resource?: boolean;
  /** Hot: the handler opens the call's context itself, only when it leaves memory. */
  readonly hot?: boolean;
  /** A browser may open it by a signed URL, since its EventSource sends no header: a stream, by GET. */
  readonly signable?: boolean;
  /** Which security headers it answers with; absent: those of data. */
  readonly audience?: Audience;
}

declare module 'fastify' {
  interface FastifyContextConfig extends Partial<RouteDeclaration> {
    /** Set by Fastify itself. */
    readonly url?: string;
  }
  interface FastifyRequest {
    call: Call;
    /** When the request came in, by the monotonic clock, in milliseconds. */
    receivedAt: number;
  }
  interface FastifyInstance {
    requireIfMatch: boolean;
    fastLane: FastLane;
    routeTable: RouteTable;
  }
}
