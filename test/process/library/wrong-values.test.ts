import { describe, expect, it } from 'vitest';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  FaultRequestError,
  type SignInRequest,
} from '../../../src/emulator/library.js';

/** What a program without types may pass. */
const untyped = <T>(value: unknown) => value as T;

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(TypeError);
    return (thrown as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('createEmulator', () => {
  it.each<[unknown, string]>([
    [null, 'createEmulator must be an object, not null'],
    [
      { clock: '2026-01-15T12:00:00Z' },
      'createEmulator: clock must be a function that returns epoch milliseconds, not "2026-01-15T12:00:00Z"',
    ],
    [{ usres: [] }, 'createEmulator has no "usres"; did you mean "users"?'],
    [{ colour: 1 }, 'createEmulator has no "colour"; it takes clock, origin, '],
    [{ users: {} }, 'createEmulator: users must be a list of users, one at least, not an object'],
    [{ users: ['a@example.com'] }, 'createEmulator: users[0] must be an object'],
    [{ users: [{ sub: '1' }] }, 'createEmulator: users[0] needs "email"'],
    [{ users: [{ emial: 'a@b.c' }] }, 'users[0] has no "emial"; did you mean "email"?'],
    [{ users: [{ email: 5 }] }, 'createEmulator: users[0]: email must be an email address, not 5'],
    [{ users: [] }, 'users must be a list of users, one at least, not a list'],
    [
      { users: [{ email: 'a@b.c' }, { email: 'A@b.c' }] },
      'createEmulator: users[1]: email is already taken',
    ],
    [{ users: [{ email: 'a@b.c', grants: 'x' }] }, 'users[0]: grants must be a list of texts'],
    [
      { users: [{ email: 'a@b.c', files: [{ name: 'a' }] }] },
      'users[0]: files[0] needs "mimeType"',
    ],
    [{ clients: [{ client_id: 'x' }] }, 'clients[0] has no "client_id"; did you mean "clientId"?'],
    [{ clients: [{ clientId: 'x', kind: 'tv' }] }, 'kind must be "web" or "ios"'],
    [{ faults: 'latency' }, 'createEmulator: faults must be a list of faults, not "latency"'],
    [{ faults: [5] }, 'createEmulator: faults[0] must be a text, or an object with the name'],
    [{ seed: 7 }, 'createEmulator: seed must be a text, not 7'],
    [{ seedFiles: 1.5 }, 'createEmulator: seedFiles must be a whole number from 0 on, not 1.5'],
    [{ codeLifetimeSeconds: Number.NaN }, 'must be a number of seconds from 0 on, not NaN'],
    [{ accessTokenLifetimeSeconds: 1e300 }, 'must be a number of seconds from 0 on'],
    [{ origin: 'google.test' }, 'origin must be an origin such as http://127.0.0.1:8085'],
    [{ switches: { revokeBody: 'no' } }, 'switches: revokeBody must be "{}" or "", not "no"'],
    [{ switches: { adminPolicyStatus: 500 } }, 'must be 400 or 401 or 403, not 500'],
  ])('%j: %s', (options, words) => {
    expect(refusal(() => createEmulator(untyped<EmulatorOptions>(options)))).toContain(words);
  });

  it('takes what is left undefined for left out', () => {
    const options = untyped<EmulatorOptions>({ users: undefined, seed: undefined });
    expect(createEmulator(options).signIn().user.email).toBe('tester@example.com');
  });

  it('says what its clock returns where that is no time', () => {
    const emulator = createEmulator({ clock: untyped(() => new Date()) });
    expect(refusal(() => emulator.signIn())).toBe(
      'createEmulator: what clock returns must be a time in epoch milliseconds, not an object',
    );
  });
});

describe('a method', () => {
  it.each<[string, (emulator: Emulator) => unknown, string]>([
    ['advance("x")', (one) => one.advance(untyped('x')), 'seconds must be a number, not "x"'],
    ['advance(1e20)', (one) => one.advance(1e20), 'the new time must be a time'],
    ['signIn(5)', (one) => one.signIn(untyped(5)), 'signIn must be an object, not 5'],
    [
      'scopes: [5]',
      (one) => one.signIn(untyped({ scopes: [5] })),
      'signIn: scopes[0] must be a text, not 5',
    ],
    [
      'usr: 1',
      (one) => one.signIn(untyped<SignInRequest>({ usr: 1 })),
      'signIn has no "usr"; did you mean "user"?',
    ],
    [
      'forceConsent: "no"',
      (one) => one.signIn(untyped({ forceConsent: 'no' })),
      'signIn: forceConsent must be true or false, not "no"',
    ],
    ['inject()', (one) => one.inject(untyped(undefined)), 'inject must be a text, or an object'],
    ['inject({})', (one) => one.inject(untyped({})), 'inject must be a text, or an object'],
  ])('%s', async (_call, work, words) => {
    const emulator = createEmulator({ clock: () => Date.UTC(2026, 0, 15) });
    expect(refusal(() => work(emulator))).toContain(words);
    // It goes on as if nothing had been asked.
    const { headers } = await emulator.fetch('/oauth2/v3/certs');
    expect(headers.get('date')).toBe('Thu, 15 Jan 2026 00:00:00 GMT');
    expect(emulator.save()).toMatchObject({ codes: [] });
  });

  it('listen', async () => {
    const emulator = createEmulator();
    await expect(emulator.listen(untyped({ prot: 1 }))).rejects.toThrow('did you mean "port"?');
    await expect(emulator.listen({ port: 70_000 })).rejects.toThrow('must be a port, 0 to 65535');
  });

  it('clearFaults knows the names', () => {
    const emulator = createEmulator();
    expect(() => emulator.clearFaults('latncy')).toThrow(FaultRequestError);
    expect(() => emulator.clearFaults('latency')).not.toThrow();
  });
});
