import type { LoggerService } from '@nestjs/common';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { redactApiKeys } from '#platform/auth';
import type { LogLevel } from '#platform/config';
import { isoTime } from './iso-time.js';

/** Bytes gathered before they are written; what is left is written when the process ends. */
const BUFFER_BYTES = 4_096;
const FLUSH_MS = 500;

/** How to log. */
export interface LogOptions {
  readonly level: LogLevel;
  /** For people at a terminal instead of JSON lines. */
  readonly pretty: boolean;
  /** Instead of standard output. */
  readonly destination?: DestinationStream;
}

/** JSON lines, one an event. API keys are masked wherever they stand in a text. */
export function createLogger({ level, pretty, destination }: LogOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ['authorization', '*.authorization', 'headers'], remove: true },
    hooks: { streamWrite: redactApiKeys },
  };
  if (destination) return pino(options, destination);
  if (pretty)
    return pino({
      ...options,
      transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname' } },
    });
  const buffered = pino.destination({ dest: 1, sync: false, minLength: BUFFER_BYTES });
  setInterval(() => buffered.flush(), FLUSH_MS).unref();
  return pino(options, buffered);
}

/** Lets Nest and everything in it log through pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest); // Nest tells what it wires; nobody needs that at the usual level.
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  /** Nest gives the context as the last string; an object is what the line carries, an error goes with its stack. */
  #write(
    level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: readonly unknown[],
  ): void {
    const texts = [message, ...rest].filter((part) => typeof part === 'string');
    const facts = [message, ...rest].filter((part) => typeof part === 'object' && part !== null);
    const context = texts.length > 1 ? texts.at(-1) : undefined;
    const fields = Object.assign(
      {},
      ...facts.map((fact) => (fact instanceof Error ? { err: fact } : fact)),
    ) as object;
    this.logger[level]({ ...(context !== undefined && { context }), ...fields }, texts[0] ?? '');
  }
}
