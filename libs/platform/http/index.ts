export { BodyLine, bodyLines, BodyStream } from './body-lines.js';
export { batchBody, BatchRefused, BatchResponse, Batches, Operations } from './batch.js';
export type { BatchMode, Done } from './batch.js';
export { checkBody, reasonOf } from './checked-body.js';
export type { CheckedBody } from './checked-body.js';
export { AlwaysDescribed, aPercentage, aValue, aValueOrNull, Described } from './described.js';
export { Endpoint } from './endpoint.js';
export type { EndpointOptions } from './endpoint.js';
export {
  AnyJson,
  AnyOf,
  Choice,
  FreeObject,
  Instant,
  isUuid,
  ListOf,
  Nested,
  Text,
  TextList,
  Uuid,
  Whole,
  YesNo,
} from './fields.js';
export {
  AsOfQuery,
  PatchOperation,
  REASON,
  ReasonBody,
  ReasonQuery,
  toVersion,
  VersionListResponse,
  VersionNumber,
  VersionResponse,
  VersionsQuery,
} from './history.dto.js';
export { answersHead, EVENT_STREAM_TYPE, EventStream, eventText, lastEventIdOf } from './event-stream.js';
export type { StreamedEvent } from './event-stream.js';
export { historyController } from './history-controller.js';
export type { HistoryRoutes } from './history-controller.js';
export { HotRoutes } from './hot-routes.js';
export type { HotRoute, QuestionRoute } from './hot-routes.js';
export type { Answered } from './answered.js';
export type { ReadyAnswer, Recall } from './fast-lane.js';
export { HttpModule } from './http.module.js';
export { IdempotencyInterceptor } from './idempotency.js';
export { IfMatch, noneMatchHits } from './if-match.js';
export { toInstant, toInstantOrNull } from './instant.js';
export { isExactNumber } from './json/exact-number.js';
export { jsonPatch } from './json/json-patch.js';
export { JsonText, parseJson, stringifyExact } from './json/json-text.js';
export { decodeUtf8 } from './json/utf8.js';
export { changedLabels, LABELS, LABELS_PATCH, readLabels } from './label-changes.js';
export { ListQuery, PageQuery, TENANT, TenantQuery, toPageResponse } from './list-query.js';
export type { PageResponse } from './list-query.js';
export { listResponse } from './list-response.js';
export { createDocument } from './openapi.js';
export type { DocumentInfo } from './openapi.js';
export { preferenceApplied, waitSecondsOf } from './prefer.js';
export { ProblemFilter } from './problem.filter.js';
export { ProblemResponse, ViolationResponse } from './problem.response.js';
export { refusalOf } from './problem.js';
export type { Problem } from './problem.js';
export { checkQueryText } from './query-text.js';
export { QueryReading } from './query-reading.js';
export { ancestorsOf, at, expectNone, isMembers, Reading } from './reading.js';
export { resourceControllers } from './resource-controllers.js';
export type { ResourceRoutes } from './resource-controllers.js';
export { expectUse, present } from './operation-members.js';
export { performOperation } from './resource-operations.js';
export type { ResourceOperation } from './resource-operations.js';
export type { AskedChange, Manner } from './resource-routes.js';
export { ResourceResponse } from './resource-response.js';
export { createAdapter, prepareServer } from './server.js';
export type { ServerParts } from './server.js';
export { SpoolInterceptor } from './spool.interceptor.js';
export type { SpooledBody } from './spooled-body.js';
export { TextBody } from './text-body.js';
export { UpsertConditions } from './upsert-conditions.js';
export { validationPipe } from './validation.js';
export { WaitingRoom } from './waiting-room.js';
export type { Waiting } from './waiting-room.js';
export type { WholeAnswer, WholeRequest } from './whole-request.js';
