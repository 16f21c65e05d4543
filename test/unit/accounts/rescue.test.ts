import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRescue as create } from '../../../src/accounts/rescue.js';
import { parseAuthorizedUser } from '../../../src/core/authorized-user.js';
import { sampleCredential } from './support/credential.js';
import {
  asOrdinaryUser,
  errorOf,
  modeOf,
  sampleAccount,
  temporaryFolder,
} from './support/samples.js';

function createRescue(places: { directory: string; tmpDirectory: string }) {
  return create({ ...places, userId: process.geteuid?.(), usualStore: 'keychain' });
}

function folders() {
  const folder = temporaryFolder();
  const tmpDirectory = join(folder, 'tmp');
  mkdirSync(tmpDirectory);
  return { folder, directory: join(folder, 'home'), tmpDirectory };
}

describe('rescue', () => {
  it('writes all that an import needs, to its owner alone', async () => {
    const { directory, tmpDirectory } = folders();
    const path = await createRescue({ directory, tmpDirectory }).save(
      sampleCredential(),
      sampleAccount(),
    );
    expect(dirname(path)).toBe(directory);
    expect(modeOf(path)).toBe(0o600);
    expect(parseAuthorizedUser(readFileSync(path, 'utf8'), path)).toEqual({
      clientId: sampleCredential().clientId,
      clientSecret: sampleCredential().clientSecret,
      refreshToken: sampleCredential().refreshToken,
      tokenUri: sampleCredential().tokenUri,
      email: 'ada@example.com',
      sub: '1001',
      scopes: sampleAccount().scopes,
      issuedAt: sampleAccount().issuedAt,
      rescue: true,
    });
  });

  it('takes an account of which little is known', async () => {
    const { directory, tmpDirectory } = folders();
    const { clientSecret: _, ...credential } = sampleCredential();
    const account = sampleAccount({ sub: null, email: null, issuedAt: Number.NaN });
    const path = await createRescue({ directory, tmpDirectory }).save(credential, account);
    expect(parseAuthorizedUser(readFileSync(path, 'utf8'), path).refreshToken).toBe(
      credential.refreshToken,
    );
  });

  it('never writes over a file', async () => {
    const { directory, tmpDirectory } = folders();
    const rescue = createRescue({ directory, tmpDirectory });
    const paths = await Promise.all(
      Array.from({ length: 20 }, () => rescue.save(sampleCredential(), sampleAccount())),
    );
    expect(new Set(paths).size).toBe(20);
    expect(readdirSync(directory)).toHaveLength(20);
  });

  it('goes to the temporary folder where its own takes nothing', async () => {
    const { folder, directory, tmpDirectory } = folders();
    writeFileSync(directory, 'a file, not a folder');
    const beside = await createRescue({ directory, tmpDirectory }).save(
      sampleCredential(),
      sampleAccount(),
    );
    expect(dirname(beside)).toBe(tmpDirectory);

    chmodSync(folder, 0o555);
    chmodSync(tmpDirectory, 0o1777);
    await asOrdinaryUser(async () => {
      const path = await createRescue({ directory: join(folder, 'locked'), tmpDirectory }).save(
        sampleCredential(),
        sampleAccount(),
      );
      expect(dirname(path)).toBe(tmpDirectory);
    });
  });

  it('says what stood in the way where there is no place at all', async () => {
    const { directory, tmpDirectory } = folders();
    writeFileSync(directory, '');
    writeFileSync(join(tmpDirectory, 'file'), '');
    const rescue = createRescue({ directory, tmpDirectory: join(tmpDirectory, 'file') });
    const error = await errorOf(rescue.save(sampleCredential(), sampleAccount()));
    expect(error.code).toBe('store_refused');
    expect(error.message).toContain(directory);
    expect(error.message).toContain(tmpDirectory);
    expect(error.message).not.toContain(sampleCredential().refreshToken);
  });

  it('has nothing to do without a refresh token', async () => {
    const { directory, tmpDirectory } = folders();
    const { refreshToken: _, ...credential } = sampleCredential();
    const rescue = createRescue({ directory, tmpDirectory });
    expect((await errorOf(rescue.save(credential, sampleAccount()))).code).toBe('store_refused');
  });
});
