import { VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { Admission, SecurityAudit } from '#platform/auth';
import { CallContext } from '#platform/context';
import { createAdapter, prepareServer, ProblemFilter, validationPipe } from '#platform/http';
import { AccessLog, Metrics, NestLogger } from '#platform/observability';
import { AppModule } from './app.module.js';
import type { AppParts } from './app.module.js';
import { DOCS_PATH, serveDocument } from './openapi.js';

const FORBIDDEN = 403;
/** Outside `/api/v1`, where probes and scrapers look for them. */
const UNPREFIXED = ['health', 'health/live', 'health/ready', 'metrics'];

/** The whole service, ready to listen: the same for `npm start` and for tests. */
export async function createApp(parts: AppParts, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = createAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter, {
    bodyParser: false, // Ours is strict; see libs/platform/http/json.
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const admission = app.get(Admission);
  const audit = app.get(SecurityAudit);
  const accessLog = new AccessLog(logger, app.get(Metrics));
  const routes = prepareServer(adapter.getInstance(), {
    context: app.get(CallContext),
    requireIfMatch: parts.settings.requireIfMatch,
    publicPaths: [DOCS_PATH],
    admit: (request, permission, known) => admission.admit(request, permission, known),
    knownCaller: (headers) => admission.knownCaller(headers),
    answered: (request) => {
      accessLog.answered(request);
      if (request.status === FORBIDDEN && request.call) {
        audit.denied(request.call.caller, `${request.method} ${request.route}`);
      }
    },
    isForBrowsers: parts.settings.corsOrigins.length > 0,
  });
  if (parts.settings.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...parts.settings.corsOrigins],
      exposedHeaders: ['ETag', 'Location', 'X-Request-Id', 'Retry-After', 'Idempotency-Replayed'],
      maxAge: 600,
    });
  }
  app.setGlobalPrefix('api', { exclude: UNPREFIXED });
  app.enableVersioning({ type: VersioningType.URI });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(routes));
  serveDocument(app);
  await app.init();
  return app;
}
