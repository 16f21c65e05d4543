import { createEncryptedFileStore } from '../../../../src/accounts/stores/encrypted-file.js';
import { sampleCredential } from './credential.js';

// Waits for a line, so that many of these begin at once; then writes one account and reads it back.
const [, , directory = '', fileKey = '', account = ''] = process.argv;
process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const store = createEncryptedFileStore({ directory, fileKey });
  const text = await store
    .write(account, sampleCredential({ refreshToken: account }))
    .then(async () => (await store.read(account))?.refreshToken)
    .catch((thrown: { code?: string }) => thrown.code ?? String(thrown));
  process.stdout.write(`${text}\n`, () => process.exit(0));
});
