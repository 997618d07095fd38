import { Injectable } from '@nestjs/common';

/** Turns a stored row into what readers of events may see: wire names, and no secret. */
export type EventPresenter = (row: Readonly<Record<string, unknown>>) => object;

/** How each kind of aggregate shows itself in events. Without one only the envelope is shown. */
@Injectable()
export class EventPresenters {
  readonly #presenters = new Map<string, EventPresenter>();

  register(aggregateType: string, presenter: EventPresenter): void {
    this.#presenters.set(aggregateType, presenter);
  }

  present(aggregateType: string, row: Readonly<Record<string, unknown>> | null): object | null {
    const presenter = this.#presenters.get(aggregateType);
    return row && presenter ? presenter(row) : null;
  }
}
