import { Injectable } from '@nestjs/common';
import { AppSettings, isOwnVariable } from '#platform/config';
import { SecretSurroundings } from '../../application/secret-surroundings.js';

@Injectable()
export class ProcessSurroundings extends SecretSurroundings {
  override readonly fileRoots: readonly string[];

  constructor(settings: AppSettings) {
    super();
    this.fileRoots = settings.secretFileRoots;
  }

  override isReserved(variable: string): boolean {
    return isOwnVariable(variable);
  }
}
