/** An event as an EventSource hands it over. */
export interface ParsedEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/** What an EventSource makes of the bytes (WHATWG HTML, 9.2.6), however they are cut. */
export class SseParser {
  readonly #decoder = new TextDecoder();
  #buffer = '';
  #type = '';
  #data: string[] = [];
  #id: string;
  retryMs: number | null = null;
  /** Where it goes on after a cut: what stood in the events that came whole. */
  lastEventId: string;

  constructor(lastEventId = '') {
    this.#id = lastEventId;
    this.lastEventId = lastEventId;
  }

  /** The events that are whole now. */
  take(bytes: Uint8Array): ParsedEvent[] {
    this.#buffer += this.#decoder.decode(bytes, { stream: true });
    const lines = this.#buffer.split('\n');
    this.#buffer = lines.pop() ?? '';
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): ParsedEvent | null {
    if (line === '') return this.#dispatch();
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') this.#type = value;
    if (field === 'data') this.#data.push(value);
    if (field === 'id') this.#id = value;
    if (field === 'retry') this.retryMs = Number(value);
    return null;
  }

  #dispatch(): ParsedEvent | null {
    this.lastEventId = this.#id;
    const event = { type: this.#type || 'message', data: this.#data.join('\n'), lastEventId: this.#id };
    const isEmpty = this.#data.length === 0;
    this.#type = '';
    this.#data = [];
    return isEmpty ? null : event;
  }
}
