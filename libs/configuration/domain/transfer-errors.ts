import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';

/** Configurations of an import that can be read and cannot be stored, each at its place in the document. */
export class ConfigurationImportRefused extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'configuration_import_refused';
  override readonly facts: ErrorFacts;

  constructor(violations: readonly Violation[]) {
    super('Nothing was stored: some configurations are impossible.');
    this.facts = { errors: violations };
  }
}

/** Configurations that cannot be copied to the other environment, each at its place in the request. */
export class PromotionRefused extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'promotion_refused';
  override readonly facts: ErrorFacts;

  constructor(violations: readonly Violation[]) {
    super('Nothing was promoted: some configurations are not there or are impossible.');
    this.facts = { errors: violations };
  }
}

/** Values that the format of an export has no words for, each at its place in the configuration. */
export class FormatTooNarrow extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'format_too_narrow';
  override readonly facts: ErrorFacts;

  constructor(format: string, violations: readonly Violation[]) {
    super(`The format ${format} cannot say some of the values.`);
    this.facts = { errors: violations };
  }
}
