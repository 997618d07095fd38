import type { GetSecretValueCommandInput, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretCause } from '../../domain/secret-errors.js';
import type { AwsSettings, ProviderCredentials } from '../../domain/secret-provider-settings.js';
import { failureOf, SecretFailure, TOO_LARGE } from './secret-source.js';
import type { FetchedSecret, SecretRequest, SecretSource } from './secret-source.js';

/** Version ids are UUIDs, and stages are words like AWSCURRENT. */
const VERSION_ID = /^[0-9A-Za-z-]{32,64}$/;
/** First time and one more: longer than that nobody waits. */
const ATTEMPTS_MAX = 2;
/** Asked for to see whether the service is let in; it need not be there. */
const PROBED = 'metastore/connection-test';

/** AWS Secrets Manager, or what speaks its protocol. */
export class AwsSource implements SecretSource {
  #client: Promise<SecretsManagerClient> | null = null;

  constructor(
    private readonly settings: AwsSettings,
    private readonly credentials: ProviderCredentials,
  ) {}

  async fetch({ path, version, signal }: SecretRequest): Promise<FetchedSecret> {
    const input = { SecretId: path, ...versionInput(version) };
    const { SecretString: text, VersionId } = await this.#ask(input, signal).catch((error: unknown) => {
      throw explained(error, signal);
    });
    if (text === undefined) throw new SecretFailure('malformed', 'The secret is binary, and no text.');
    return { text, fields: null, version: VersionId ?? null };
  }

  async probe(signal: AbortSignal): Promise<string> {
    try {
      await this.#ask({ SecretId: PROBED }, signal);
    } catch (error) {
      const failure = explained(error, signal);
      if (failure.why !== 'not_found' && failure.why !== 'forbidden') throw failure;
    }
    return 'The provider answers and knows the service; which secrets it may read shows when they are asked for.';
  }

  close(): void {
    void this.#client?.then((client) => client.destroy());
  }

  async #ask(
    input: GetSecretValueCommandInput,
    abortSignal: AbortSignal,
  ): Promise<{ SecretString?: string | undefined; VersionId?: string | undefined }> {
    const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    this.#client ??= this.#connect();
    return (await this.#client).send(new GetSecretValueCommand(input), { abortSignal });
  }

  /** The SDK is loaded when it is first needed: most installations never do. */
  async #connect(): Promise<SecretsManagerClient> {
    const { SecretsManagerClient: Client } = await import('@aws-sdk/client-secrets-manager');
    const { BoundedHttpHandler } = await import('./aws-http.js');
    const { region, endpoint, auth } = this.settings;
    return new Client({
      region,
      maxAttempts: ATTEMPTS_MAX,
      requestHandler: new BoundedHttpHandler(),
      ...(endpoint !== null && { endpoint }),
      ...(auth.method === 'static' && {
        credentials: {
          accessKeyId: auth.accessKeyId,
          secretAccessKey: this.credentials.secretAccessKey ?? '',
        },
      }),
    });
  }
}

function versionInput(version: string | null): Partial<GetSecretValueCommandInput> {
  if (version === null) return {};
  return VERSION_ID.test(version) ? { VersionId: version } : { VersionStage: version };
}

/** Names of errors of Secrets Manager, and of those that all services of AWS have. */
const KNOWN: ReadonlyMap<string, readonly [SecretCause, string]> = new Map([
  ...named('not_found', 'There is no such secret.', ['ResourceNotFoundException']),
  ...named('forbidden', 'The provider refuses the service this secret.', ['AccessDeniedException']),
  ...named('undecryptable', 'The provider cannot decrypt the secret.', [
    'DecryptionFailure',
    'DecryptionFailureException',
  ]),
  ...named('refused', 'The provider does not understand what it is asked.', [
    'InvalidParameterException',
    'ValidationException',
    'InvalidRequestException',
  ]),
  ...named('throttled', 'The provider is asked too often.', [
    'ThrottlingException',
    'TooManyRequestsException',
    'RequestLimitExceeded',
  ]),
  ...named('login_failed', 'The provider does not know the service’s credentials.', [
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
    'IncompleteSignatureException',
    'InvalidClientTokenId',
    'MissingAuthenticationTokenException',
    'ExpiredTokenException',
    'CredentialsProviderError',
  ]),
]);

function named(
  why: SecretCause,
  detail: string,
  names: readonly string[],
): [string, readonly [SecretCause, string]][] {
  return names.map((name) => [name, [why, detail]]);
}

/** What the SDK throws, in our own words. */
function explained(error: unknown, signal: AbortSignal): SecretFailure {
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  if (error instanceof SecretFailure) return new SecretFailure(error.why, TOO_LARGE); // The SDK adds its own words.
  if (name === 'InvalidRequestException' && /delet/i.test(message))
    return new SecretFailure('deleted', 'The secret is marked for deletion.');
  const known = KNOWN.get(name);
  if (known) return new SecretFailure(...known);
  const status = $metadata?.httpStatusCode;
  if (error instanceof SyntaxError) return new SecretFailure('malformed', 'The answer cannot be read.');
  if (status === undefined || status < 300 || signal.aborted) return failureOf(error, signal);
  if (status < 400)
    return new SecretFailure(
      'redirected',
      'The provider answers from elsewhere; redirects are not followed.',
    );
  const why = status >= 500 ? 'unavailable' : 'refused';
  return new SecretFailure(why, `The provider answers with status ${status}.`);
}
