import { DomainError } from '#shared-kernel';

/** No active configuration of this service can be seen by this tenant, or none of this name. */
export class ServiceNotConfigured extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'service_not_configured';

  constructor(service: string, name: string | null) {
    super(
      name === null
        ? `The service "${service}" has no active configuration here.`
        : `The service "${service}" has no active configuration "${name}" here.`,
    );
  }
}
