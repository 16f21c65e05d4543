import { randomBytes } from 'node:crypto';
import { addressesOf } from './addresses.js';
import { createSelfSigned, readPins } from './certificate.js';
import type { ReceiverHost } from './receiver.js';
import { startReceiver } from './server.js';

/** The receiver on this machine's network. */
export function createReceiverHost(): ReceiverHost {
  return {
    start: startReceiver,
    selfSigned: createSelfSigned,
    readPins,
    addressesOf,
    randomPath: () => `/${randomBytes(16).toString('base64url')}`,
    async qrCode(text) {
      const { renderUnicodeCompact } = await import('uqr');
      return renderUnicodeCompact(text, { border: 2 });
    },
  };
}
