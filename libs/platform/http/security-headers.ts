type Headers = Readonly<Record<string, string>>;

/** On every answer, the hot ones too: nobody guesses at a media type. */
const ALWAYS: Headers = { 'X-Content-Type-Options': 'nosniff' };

/**
 * On every answer that no page shows: nothing in it may be run, framed or passed on (OWASP REST Security Cheat Sheet).
 * Strict-Transport-Security counts over HTTPS alone, so that plain HTTP on loopback goes on.
 */
const DATA: Headers = {
  ...ALWAYS,
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Frame-Options': 'DENY',
};

/** On pages of ours: scripts and requests from here alone. Swagger UI sets styles in elements and draws with data URLs. */
const PAGES: Headers = {
  ...DATA,
  'Content-Security-Policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
};

/** What a route answers: data from memory at high rate, data, or pages. */
export type Audience = 'hot' | 'data' | 'pages';

export const SECURITY_HEADERS: Readonly<Record<Audience, Headers>> = {
  hot: ALWAYS,
  data: DATA,
  pages: PAGES,
};
