let textOfMs = '';
let ms = 0;

/** A log line's member `time`, with its comma before: ISO 8601 with milliseconds; written once for all lines of a millisecond. */
export function isoTime(): string {
  const now = Date.now();
  if (now !== ms) {
    ms = now;
    textOfMs = `,"time":"${new Date(now).toISOString()}"`;
  }
  return textOfMs;
}
