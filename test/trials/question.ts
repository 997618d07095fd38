/** What a reader of the feed asks for. */
export interface Question {
  /** Parameters of `GET /events`, without those that say where to go on. */
  readonly query: Readonly<Record<string, string>>;
  /** Which streams that is, as the log names them, in the order of the position. */
  readonly streams: readonly string[];
  /** Which lines of these streams fit, in the log's own words: not in those of the service. */
  readonly fits?: (line: LogLine) => boolean;
}

/** A row of the change log. */
export interface LogLine {
  readonly stream: string;
  readonly revision: number;
  readonly sub: number;
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly type: string;
  readonly subject: string;
}

/** All that is compared of an event: which it is, and of what. */
export const factOf = ({ stream, revision, sub, id, version }: LogLine): string =>
  `${stream}-${revision}-${sub} ${id}@${version}`;

/** The events that fit a question, in the order of the log. */
export const answerTo = ({ streams, fits = () => true }: Question, log: readonly LogLine[]): LogLine[] =>
  log.filter((line) => streams.includes(line.stream) && fits(line));
