import { Body, Controller, Get, Module, Param, Patch, Post, Put } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiExtraModels } from '@nestjs/swagger';
import { Endpoint } from '../endpoint.js';
import { AnyJson, AnyOf, Choice, FreeObject, Instant, ListOf, Nested, Text, Whole } from '../fields.js';
import { HotRoutes } from '../hot-routes.js';
import { ResourceResponse } from '../resource-response.js';
import { createAdapter } from '../server.js';

/** An object of a document. */
export type Node = Readonly<Record<string, unknown>>;

class Part {
  @Text()
  readonly name!: string;
}

class Everything extends ResourceResponse {
  @Text({ example: 'a', description: 'Words.' })
  readonly text!: string;

  @Text({ nullable: true, max: 5, example: null })
  readonly textOrNull!: string | null;

  @Choice(['a', 'b'], { nullable: true })
  readonly choiceOrNull!: string | null;

  @Whole({ nullable: true, min: 1, example: 7 })
  readonly wholeOrNull!: number | null;

  @Instant({ nullable: true, optional: true })
  readonly instantOrNull?: string | null;

  @AnyJson({ optional: true, example: { nullable: true, example: 1 } })
  readonly anything?: unknown;

  @Nested(() => Part)
  readonly part!: Part;

  @Nested(() => Part, { nullable: true, description: 'Perhaps.' })
  readonly partOrNull!: Part | null;

  @ListOf(() => Part, { nullable: true })
  readonly partsOrNull!: Part[] | null;

  @FreeObject({ nullable: true })
  readonly freeOrNull!: object | null;
}

class Wish {
  @Text({ optional: true })
  readonly name?: string;
}

class Filter {
  @AnyOf({ choices: ['x', 'y'] })
  readonly any?: string[];
}

@ApiExtraModels(Filter)
@Controller({ path: 'zebras' })
class ZebraController {
  @Get(':id')
  @Endpoint({
    name: 'getZebra',
    summary: 'One',
    allow: 'zebras:read',
    returns: Everything,
    refuses: ['gone'],
  })
  one(@Param('id') id: string): string {
    return id;
  }

  @Put(':id')
  @Endpoint({
    name: 'putZebra',
    summary: 'This one',
    allow: 'zebras:write',
    returns: Everything,
    also: { 201: 'New.' },
    refuses: ['stale'],
  })
  put(@Param('id') _: string, @Body() __: Part): null {
    return null;
  }

  @Patch(':id')
  @Endpoint({ name: 'patchZebra', summary: 'Otherwise', allow: 'zebras:write', returns: Everything })
  patch(@Param('id') _: string, @Body() __: Wish): null {
    return null;
  }

  @Put(':id/food')
  @Endpoint({ name: 'feedZebra', summary: 'Feed', allow: 'zebras:write', texts: ['application/yaml'] })
  feed(@Body() _: Part): null {
    return null;
  }

  @Get()
  @Endpoint({ name: 'paintZebras', summary: 'All', allow: 'public', produces: 'image/png' })
  all(): null {
    return null;
  }

  @Post()
  @Endpoint({ name: 'createZebra', summary: 'New', allow: 'public', status: 201, returns: Everything })
  make(): null {
    return null;
  }
}

@Module({ controllers: [ZebraController], providers: [HotRoutes] })
class ZooModule {}

export const INFO = { title: 'Zoo', version: '7', description: 'Animals.', tags: { Zebras: 'Striped.' } };

/** An application with every kind of route and of field that a document tells of. */
export async function openZoo(): Promise<INestApplication> {
  const app = await NestFactory.create(ZooModule, createAdapter(), { logger: false });
  app.get(HotRoutes).add({
    method: 'GET',
    url: '/ants/:ant_id/legs',
    allow: 'public',
    name: 'getLegs',
    tag: 'Ants',
    summary: 'Legs',
    params: { type: 'object', properties: { ant_id: { type: 'string', description: 'Which.' } } },
    query: { type: 'object', properties: { side: { type: 'string' } }, required: ['side'] },
    returns: { schema: 'Everything' },
    refuses: [304, 404],
    handle: () => null,
  });
  return app;
}

/** What lies at the end of a path through a document. */
export const nodeAt = (document: Node, path: readonly string[]): unknown =>
  path.reduce<unknown>((node, step) => (node as Node | undefined)?.[step], document);

/** Every object of the document, from the outside in. */
export function nodesOf(node: unknown): Node[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = Array.isArray(node) ? [] : [node as Node];
  return [...own, ...Object.values(node).flatMap(nodesOf)];
}
