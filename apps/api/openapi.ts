import { SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createDocument } from '#platform/http';
import type { DocumentInfo } from '#platform/http';

export const DOCS_PATH = '/docs';
export const DOCUMENT_PATH = '/api/v1/openapi.json';

const INFO: DocumentInfo = {
  title: 'Metastore',
  version: '1',
  description:
    'The control plane of a platform: metadata, and one change log under everything. Lists are paged by cursor, every resource has a version and an ETag, refusals are RFC 9457 problems that name each place. A path that there is not is refused with 404, a method that a path does not take with 405 and `Allow`.',
  tags: {
    Metadata: 'Namespaced, versioned key-value entries.',
    'Feature flags': 'Switches that decide, caller by caller, which value a feature has.',
    Configuration:
      'Documents that services read: layered, checked before they take effect, dated, explainable.',
    'Secret providers': 'Where the secrets of configurations are fetched from.',
    Discovery: 'Where something answers, and how it is, for systems that ask by name.',
    Catalog: 'Who owns what, where it runs and how to reach it.',
    Devices: 'What is in the field: who it is, how it should be, how it is and how it was.',
    'Supervisor requests': 'A person is asked, and the asker waits.',
    Budget: 'What was paid, by whom and for what, and what is left.',
    Events: 'Every change of every context, in order.',
    Audit: 'Who did what, and whether that was changed afterwards.',
    Webhooks: 'Receivers of your own, which are told of changes by HTTP, signed.',
    Sinks: 'Where every change is delivered to, and how far each place is.',
    Health: 'How the service is.',
  },
};

/** The OpenAPI document of the running service. */
export function documentOf(app: NestFastifyApplication): OpenAPIObject {
  return createDocument(app, INFO);
}

/** Serves the document and its human form; made when it is first asked for, because by then all routes are there. */
export function serveDocument(app: NestFastifyApplication): void {
  let document: OpenAPIObject | null = null;
  const once = (): OpenAPIObject => (document ??= documentOf(app));
  app
    .getHttpAdapter()
    .getInstance()
    .get(DOCUMENT_PATH, { config: { allow: 'public' } }, (_, reply) =>
      reply.type('application/json').send(JSON.stringify(once())),
    );
  SwaggerModule.setup(DOCS_PATH, app, once, {
    raw: false,
    customSiteTitle: 'Metastore API',
    swaggerOptions: { docExpansion: 'none', tryItOutEnabled: true, displayRequestDuration: true },
  });
}
