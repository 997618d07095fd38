export { decrypt, encrypt, KEY_BYTES } from './aes-gcm.js';
export { CryptoModule } from './crypto.module.js';
export { Envelope } from './envelope.js';
export { KeyWrapper } from './key-wrapper.js';
export type { WrappedKey } from './key-wrapper.js';
export { developmentKeyring } from './keyring-file.js';
export { LocalKeyring } from './local-keyring.js';
export type { SealedContentType, SealedPlace } from './sealed-place.js';
