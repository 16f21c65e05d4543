import { chmodSync, copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSessionCache } from '../../../src/accounts/session-cache.js';
import {
  asOrdinaryUser,
  contentsBelow,
  modeOf,
  sampleSession,
  temporaryFolder,
} from './support/samples.js';

const sessionKey = Buffer.alloc(32, 1).toString('base64');

async function filledCache() {
  const directory = join(temporaryFolder(), 'sessions');
  const cache = createSessionCache({ directory });
  await cache.write('client/1', sessionKey, sampleSession());
  const path = join(directory, readdirSync(directory)[0] ?? '');
  return { directory, cache, path };
}

describe('session cache', () => {
  it('gives back what was written, with an ID token and without', async () => {
    const { cache } = await filledCache();
    expect(await cache.read('client/1', sessionKey)).toEqual(sampleSession());
    const { idToken: _, ...without } = sampleSession();
    await cache.write('client/1', sessionKey, without);
    expect(await cache.read('client/1', sessionKey)).toEqual(without);
  });

  it('forgets', async () => {
    const { cache } = await filledCache();
    await cache.remove('client/1');
    await cache.remove('client/1');
    expect(await cache.read('client/1', sessionKey)).toBeUndefined();
  });

  it('misses under another key, and for another account', async () => {
    const { directory, cache, path } = await filledCache();
    const other = Buffer.alloc(32, 2).toString('base64');
    expect(await cache.read('client/1', other)).toBeUndefined();
    expect(await cache.read('client/1', 'short')).toBeUndefined();
    expect(await cache.read('client/2', sessionKey)).toBeUndefined();

    await cache.write('client/2', sessionKey, sampleSession());
    const [one, two] = readdirSync(directory).map((name) => join(directory, name));
    copyFileSync(path, (one === path ? two : one) ?? '');
    expect(await cache.read('client/2', sessionKey)).toBeUndefined();
  });

  it('misses whichever byte was changed, and however much is cut off', async () => {
    const { cache, path } = await filledCache();
    const whole = readFileSync(path);
    for (let index = 0; index < whole.length; index++) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      writeFileSync(path, changed);
      expect(await cache.read('client/1', sessionKey)).toBeUndefined();
      writeFileSync(path, whole.subarray(0, index));
      expect(await cache.read('client/1', sessionKey)).toBeUndefined();
    }
    writeFileSync(path, whole);
    expect(await cache.read('client/1', sessionKey)).toEqual(sampleSession());
  });

  it('keeps the file to its owner, and nothing in it readable', async () => {
    const { directory, path } = await filledCache();
    expect(modeOf(path)).toBe(0o600);
    expect(modeOf(directory)).toBe(0o700);
    const contents = contentsBelow(directory);
    expect(contents).toHaveLength(1);
    const session = sampleSession();
    for (const { content } of contents) {
      for (const secret of [session.accessToken, session.idToken ?? '', sessionKey, 'openid']) {
        expect(content.includes(secret)).toBe(false);
      }
    }
  });

  it('reads from a read-only folder, and fails to write without a word', async () => {
    const { directory, cache, path } = await filledCache();
    chmodSync(join(directory, '..'), 0o755);
    chmodSync(directory, 0o555);
    chmodSync(path, 0o444);
    await asOrdinaryUser(async () => {
      await cache.write('client/1', sessionKey, sampleSession({ accessToken: 'ya29.new' }));
      await cache.remove('client/1');
      expect(await cache.read('client/1', sessionKey)).toEqual(sampleSession());
    });
  });
});
