import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Keytar } from '../../src/accounts/stores/keychain.js';
import type { Fetch } from '../support/run.js';
import { emulatorFetch, type Ran, useDesk } from '../support/run.js';
import { liveRefreshTokens } from './support.js';

interface Accounts {
  accounts: { key: string; store: string; issued_at: string; last_used_at: string | null }[];
}

describe('What happens to an account while Google answers a refresh of it', () => {
  const desk = useDesk();
  beforeEach(async () => {
    await desk.exchange();
    desk.now += 7_200_000;
  });

  /** The emulator, with something done between its answer to the next refresh and gsac. */
  function answeringLate(meanwhile: () => Promise<unknown>): Fetch {
    const ask = emulatorFetch(desk.emulator);
    let isDone = false;
    return async (url, init) => {
      const answer = await ask(url, init);
      if (url.endsWith('/token') && !isDone) {
        isDone = true;
        await meanwhile();
      }
      return answer;
    };
  }

  const accounts = async () => (await desk.run(['accounts', '--json'])).json<Accounts>().accounts;
  const sessions = () => {
    const folder = join(desk.home, 'cache', 'sessions');
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  it.each(['unchanged', 'rotated'])('a removed one stays removed, its token %s', async (how) => {
    if (how === 'rotated') desk.emulator.inject({ name: 'rotate-refresh-token' });
    const ran = await desk.run(['token'], {
      fetch: answeringLate(() => desk.run(['accounts', 'remove', 'tester@example.com', '--yes'])),
    });
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^ya29\./) });
    expect(await accounts()).toEqual([]);
    expect(sessions()).toEqual([]);
  });

  it.each(['unchanged', 'rotated'])(
    'one that signed in anew keeps its new token, %s',
    async (how) => {
      if (how === 'rotated') desk.emulator.inject({ name: 'rotate-refresh-token' });
      const ran = await desk.run(['refresh', '--json'], {
        fetch: answeringLate(async () => {
          desk.now += 1000;
          await desk.exchange({ forceConsent: true });
        }),
      });
      expect(ran.exitCode).toBe(0);
      expect(ran.json()).toMatchObject({ refresh_token: { status: 'unchanged' } });
      const [account] = await accounts();
      expect(account?.issued_at).toBe(new Date(desk.now).toISOString());

      // What is stored is the token of the new sign-in.
      await desk.run(['refresh']);
      expect(desk.emulator.requests.list('/token').at(-1)?.form?.['refresh_token']).toBe(
        liveRefreshTokens(desk).at(-1),
      );
    },
  );

  it('one that is removed between the look at its token and the writing of the next stays removed', async () => {
    const entries = new Map<string, string>();
    let meanwhile = async (): Promise<unknown> => undefined;
    const keytar: Keytar = {
      async getPassword(service, name) {
        const found = entries.get(`${service} ${name}`) ?? null;
        await meanwhile();
        return found;
      },
      setPassword: async (service, name, text) => void entries.set(`${service} ${name}`, text),
      deletePassword: async (service, name) => entries.delete(`${service} ${name}`),
    };
    const options = { loadKeytar: async () => keytar, env: { GSAC_STORE: 'keychain' } };
    await desk.run(['exchange', desk.code({ forceConsent: true })], options);
    desk.now += 7_200_000;
    desk.emulator.inject({ name: 'rotate-refresh-token' });
    let reads = 0;
    let removing: Promise<Ran> | undefined;
    meanwhile = async () => {
      reads += 1;
      // To open the account, to refresh it, and to see that nobody has changed it since.
      if (reads !== 3) return;
      removing = desk.run(['accounts', 'remove', 'tester@example.com', '--yes'], options);
      await Promise.race([removing, delay(200)]);
    };
    expect(await desk.run(['token'], options)).toMatchObject({ exitCode: 0 });
    expect(await removing).toMatchObject({ exitCode: 0 });
    expect(entries.size).toBe(0);
    expect(await accounts()).toEqual([]);
  });

  it('one whose sign-in lies ahead of a clock that was set back is the same one', async () => {
    desk.now -= 9_000_000;
    expect((await desk.run(['refresh'])).exitCode).toBe(0);
    expect((await accounts())[0]?.last_used_at).toBe(new Date(desk.now).toISOString());
  });

  it('one whose refresh brings no access token was not used', async () => {
    desk.emulator.inject({ name: 'no-access-token' });
    expect((await desk.run(['refresh'])).exitCode).toBe(3);
    expect((await accounts())[0]?.last_used_at).toBeNull();
  });
});
