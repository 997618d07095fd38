import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ContractServer, json } from './contract-server.js';
import type { Arrived } from './contract-server.js';

interface Version {
  readonly VersionId: string;
  readonly SecretString?: string;
  readonly SecretBinary?: string;
}

/**
 * GetSecretValue of AWS Secrets Manager over JSON 1.1, as
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html describes it.
 */
export class AwsServer extends ContractServer {
  readonly #secrets = new Map<string, Version[]>();
  /** By name of the secret: the error that is answered instead. */
  readonly errors = new Map<string, { readonly type: string; readonly message: string }>();

  static start(): Promise<AwsServer> {
    return new AwsServer().open();
  }

  private constructor() {
    super();
  }

  /** Makes a new version of a secret; gives its id. */
  write(name: string, content: Omit<Version, 'VersionId'>): string {
    const VersionId = randomUUID();
    this.#secrets.set(name, [...(this.#secrets.get(name) ?? []), { VersionId, ...content }]);
    return VersionId;
  }

  protected override answer({ headers, body }: Arrived, response: ServerResponse): void {
    const { SecretId, VersionId, VersionStage } = JSON.parse(body) as Record<string, string>;
    const name = SecretId ?? '';
    const error = this.errors.get(name) ?? this.errors.get('*');
    if (headers['x-amz-target'] !== 'secretsmanager.GetSecretValue')
      refuse(response, 'UnknownOperationException');
    else if (!headers.authorization?.startsWith('AWS4-HMAC-SHA256 '))
      refuse(response, 'MissingAuthenticationTokenException');
    else if (error) refuse(response, error.type, error.message);
    else {
      const versions = this.#secrets.get(name) ?? [];
      const staged = versions.at(VersionStage === 'AWSPREVIOUS' ? -2 : -1);
      const found = VersionId === undefined ? staged : versions.find((one) => one.VersionId === VersionId);
      if (!found)
        refuse(response, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      else json(response, 200, { Name: name, ...found, VersionStages: ['AWSCURRENT'] }, AMZ);
    }
  }
}

const AMZ = { 'Content-Type': 'application/x-amz-json-1.1' };

function refuse(response: ServerResponse, type: string, message = 'Refused.'): void {
  const code = type === 'InternalServiceError' ? 500 : 400;
  json(response, code, { __type: type, Message: message }, AMZ);
}
