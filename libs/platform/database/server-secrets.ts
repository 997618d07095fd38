import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { CallContext } from '#platform/context';
import { Database } from './database.js';

/** Random bytes that the database keeps: alike on every replica of an installation, different on every other. */
@Injectable()
export class ServerSecrets implements OnModuleInit {
  #secrets: ReadonlyMap<string, Buffer> | null = null;

  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
  ) {}

  /** 32 bytes. Known once the modules are initialised, which is before the first request. */
  of(name: 'cursor' | 'cache' | 'callback' | 'signed_url'): Buffer {
    if (!this.#secrets) throw new Error('The secrets of the installation are used before they are loaded.');
    const secret = this.#secrets.get(name);
    if (!secret) throw new Error(`The secret "${name}" is missing from platform.server_secret.`);
    return secret;
  }

  async onModuleInit(): Promise<void> {
    const rows = await this.context.runAsSystem('server-secrets', () =>
      this.database.read<{ name: string; secret: Buffer }>({
        text: 'select name, secret from platform.server_secret',
      }),
    );
    this.#secrets = new Map(rows.map(({ name, secret }) => [name, secret]));
  }
}
