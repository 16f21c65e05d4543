import { createEncryptedFileStore } from '../../../../src/accounts/stores/encrypted-file.js';
import { sampleCredential } from './credential.js';

// Waits for a line, so that many of these begin at once; then writes one account and reads it back.
const [, , directory = '', fileKey = '', account = ''] = process.argv;
process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const store = createEncryptedFileStore({ directory, fileKey });
  await store.write(account, sampleCredential({ refreshToken: account }));
  process.stdout.write(`${(await store.read(account))?.refreshToken}\n`, () => process.exit(0));
});
