import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, writeTenant } from '#platform/context';
import { Endpoint } from '#platform/http';
import { ExportQueries } from '../application/export.queries.js';
import { commodityDirective, JOURNAL_HEAD, toJournalEntry } from '../domain/journal.js';
import type { CurrencyCode } from '../domain/money.js';
import type { NamedItem } from '../domain/named-item.js';
import { csvHeader, toCsvRow } from './csv-export.js';
import { ExportItemsQuery } from './export.queries.dto.js';
import type { ExportFormat } from './export.queries.dto.js';
import { toItemFilter } from './item-filters.js';

type Pages = AsyncIterable<readonly NamedItem[]>;

/** A format of an export: its media type, and how items become its text, of which each page is one piece. */
interface Writing {
  readonly type: string;
  readonly write: (pages: Pages) => AsyncGenerator<string>;
}

const WRITINGS: Readonly<Record<ExportFormat, Writing>> = {
  csv: { type: 'text/csv', write: csvOf },
  hledger: { type: 'text/plain', write: journalOf },
};

@ApiTags('Budget')
@Controller({ path: 'budget/export', version: '1' })
export class ExportController {
  constructor(
    private readonly items: ExportQueries,
    private readonly context: CallContext,
  ) {}

  @Get()
  @Endpoint({
    name: 'exportBudgetItems',
    summary: 'Export items',
    description:
      'Those of the tenant’s own items that the filters let through, or of the shared ones where no tenant is named, the oldest day first. CSV is as the import takes it: sent back, it adds nothing; a cell that a spreadsheet would calculate has an apostrophe before it, which the import takes away. hledger is a journal with two postings an item: out of assets:payor into expenses:category, or out of income:category into assets:payee.',
    allow: 'budget:read',
    produces: Object.values(WRITINGS).map(({ type }) => type),
  })
  export(@Query() query: ExportItemsQuery, @Res({ passthrough: true }) reply: FastifyReply): Readable {
    const { format, tenant_id, ...asked } = query;
    const filter = toItemFilter(asked, writeTenant(this.context.current.caller, tenant_id));
    const { type, write } = WRITINGS[format];
    reply.type(`${type}; charset=utf-8`);
    return Readable.from(this.context.inCall(write(this.items.pages(filter))));
  }
}

async function* csvOf(pages: Pages): AsyncGenerator<string> {
  yield csvHeader();
  for await (const items of pages) yield items.map(toCsvRow).join('');
}

async function* journalOf(pages: Pages): AsyncGenerator<string> {
  yield JOURNAL_HEAD;
  const known = new Set<CurrencyCode>();
  for await (const items of pages) {
    const entries = items.flatMap((item) => {
      if (known.has(item.currency)) return [toJournalEntry(item)];
      known.add(item.currency);
      return [commodityDirective(item.currency), toJournalEntry(item)];
    });
    yield entries.join('');
  }
}
