import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EffectiveQuestion } from '../application/effective.queries.js';
import { viewOf } from '../application/effective-view.js';
import { LiveEffective } from '../application/live-effective.js';
import type { LiveLayers } from '../application/live-effective.js';
import { toEffectiveResponse } from './effective.wire.js';

const CHARACTERS_MAX = 64 * 1024 * 1024;

/** A present answer whose bytes are made. */
export interface EffectiveAnswer {
  /** With its quotes. */
  readonly etag: string;
  readonly text: string;
  readonly bytes: number;
  /** Milliseconds since 1970; null is never. */
  readonly validUntil: number | null;
}

interface KeptAnswer extends EffectiveAnswer {
  /** Numbers of the layers that it was made of; the layers themselves may be far larger than it is. */
  readonly shared: number;
  readonly own: number;
}

/** An entry itself, and the objects around its text. */
const OVERHEAD = 500;

/** Present answers from memory: made once for each question, and made anew when a layer changes or a window opens or closes. */
@Injectable()
export class EffectiveAnswers {
  readonly #kept = new LRUCache<string, KeptAnswer>({
    maxSize: CHARACTERS_MAX,
    sizeCalculation: ({ text }, key) => OVERHEAD + key.length + text.length,
  });

  readonly #numbers = new WeakMap<LiveLayers['shared'], number>();
  #lastNumber = 0;

  constructor(private readonly live: LiveEffective) {}

  /** The answer when its bytes lie ready. */
  peek(question: EffectiveQuestion): EffectiveAnswer | undefined {
    const layers = this.live.peek(question.service, question.tenant);
    return layers && this.#keptFor(keyOf(question), layers);
  }

  /** @throws ServiceNotConfigured, DatabaseUnavailable, DatabaseBusy */
  async get(question: EffectiveQuestion): Promise<EffectiveAnswer> {
    const { service, tenant } = question;
    const layers = this.live.peek(service, tenant) ?? (await this.live.load(service, tenant));
    const key = keyOf(question);
    return this.#keptFor(key, layers) ?? this.#make(key, question, layers);
  }

  #keptFor(key: string, { shared, own }: LiveLayers): EffectiveAnswer | undefined {
    const kept = this.#kept.get(key);
    if (!kept || kept.shared !== this.#numberOf(shared) || kept.own !== this.#numberOf(own)) return undefined;
    return kept.validUntil === null || this.live.nowMs() < kept.validUntil ? kept : undefined;
  }

  #make(key: string, question: EffectiveQuestion, { shared, own }: LiveLayers): EffectiveAnswer {
    const view = viewOf([...shared, ...own], question, this.live.nowMs());
    const response = toEffectiveResponse(question, view);
    const text = JSON.stringify(response);
    const answer = {
      etag: `"${response.version_tag}"`,
      text,
      bytes: Buffer.byteLength(text),
      validUntil: view.validUntil,
    };
    this.#kept.set(key, { ...answer, shared: this.#numberOf(shared), own: this.#numberOf(own) });
    return answer;
  }

  /** The same for the same list alone. */
  #numberOf(layers: LiveLayers['shared']): number {
    const known = this.#numbers.get(layers);
    if (known !== undefined) return known;
    this.#lastNumber += 1;
    this.#numbers.set(layers, this.#lastNumber);
    return this.#lastNumber;
  }
}

/** No name holds a line break. */
export const keyOf = ({ service, environment, tenant, name }: EffectiveQuestion): string =>
  `${tenant ?? ''}\n${service}\n${environment}\n${name ?? ''}`;
