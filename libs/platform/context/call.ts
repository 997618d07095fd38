/** Who calls: what the credential says, and nothing that the request claims about itself. */
export interface Caller {
  /** Stable name for the audit trail, for example `key:7Jd2…`, `anonymous`, `system:sweeper`. */
  readonly actor: string;
  /** The tenant that the credential is bound to; null for a platform-wide one. */
  readonly tenant: string | null;
  readonly permissions: ReadonlySet<string>;
  /** When the credential ends, in milliseconds since 1970; absent where it does not. */
  readonly expiresAtMs?: number;
}

/** One request, or one run of a job: what every log line, change and event of it carries. */
export interface Call {
  readonly caller: Caller;
  readonly requestId: string;
  /** W3C trace id, 32 hex digits; null when the caller sent none. */
  readonly traceId: string | null;
}
