import { describe, expect, it } from 'vitest';
import type { Sighting } from '../../../src/tools/watch/policy.js';
import { RunMemory } from '../../../src/tools/watch/run-memory.js';
import { scopesFor } from '../../../src/tools/watch/scope-table.js';
import { ScopeLedger } from '../../../src/tools/watch/scope-use.js';

const www = 'www.googleapis.com';
const auth = 'https://www.googleapis.com/auth/';

describe('the scopes that a call needs', () => {
  it.each([
    ['GET', www, '/drive/v3/files', 'drive.appdata'],
    ['POST', www, '/upload/drive/v3/files', 'drive.appdata'],
    ['POST', www, '/drive/v3/files/x/permissions', 'drive.file'],
    ['DELETE', www, '/drive/v3/drives/x', 'drive'],
    ['GET', www, '/calendar/v3/calendars/primary/events', 'calendar.events.readonly'],
    ['POST', www, '/calendar/v3/calendars/primary/events', 'calendar.events.owned'],
    ['GET', 'gmail.googleapis.com', '/gmail/v1/users/me/messages', 'gmail.metadata'],
    ['POST', 'gmail.googleapis.com', '/gmail/v1/users/me/messages/send', 'gmail.send'],
    ['GET', 'sheets.googleapis.com', '/v4/spreadsheets/x/values/A1', 'spreadsheets.readonly'],
    ['PUT', 'sheets.googleapis.com', '/v4/spreadsheets/x/values/A1', 'spreadsheets'],
    ['GET', 'people.googleapis.com', '/v1/people/me/connections', 'contacts.readonly'],
  ])('%s %s%s: the narrowest is %s', (method, host, path, scope) => {
    expect(scopesFor(method, host, path)?.[0]).toBe(`${auth}${scope}`);
  });

  it('are unknown for everything else', () => {
    expect(scopesFor('GET', www, '/youtube/v3/channels')).toBeUndefined();
    expect(scopesFor('GET', 'firestore.googleapis.com', '/v1/people/me')).toBeUndefined();
  });
});

describe('what was granted against what was used', () => {
  const call = (host: string, path: string, more: Partial<Sighting> = {}): Sighting => ({
    endpoint: 'other',
    method: 'GET',
    host,
    path,
    url: `https://${host}${path}`,
    startedAt: 1_000,
    durationMs: 1,
    requestHeaders: [['authorization', 'Bearer ya29.one']],
    requestBody: undefined,
    status: 200,
    responseHeaders: [],
    responseBody: undefined,
    failure: undefined,
    ...more,
  });
  const granted = ['openid', `${auth}drive.readonly`, `${auth}drive`, `${auth}calendar`];

  function openLedger() {
    const memory = new RunMemory();
    const ledger = new ScopeLedger(memory);
    const tokens = {
      access_token: 'ya29.one',
      refresh_token: '1//one',
      expires_in: 3599,
      token_type: 'Bearer',
    };
    const responseBody = JSON.stringify({ ...tokens, scope: granted.join(' ') });
    memory.learn(call('oauth2.googleapis.com', '/token', { responseBody }), {
      fields: new URLSearchParams({ code: '4/0one' }),
      grantType: 'authorization_code',
      clientId: 'client',
    });
    const known = memory.accessTokens.get('ya29.one');
    if (known !== undefined) ledger.grant(known.grant);
    return ledger;
  }

  it('counts the narrowest scope that allows a call, and names calls that it does not know', () => {
    const ledger = openLedger();
    ledger.call(call(www, '/drive/v3/files'));
    ledger.call(call(www, '/youtube/v3/channels'));
    expect(ledger.uses).toEqual([
      {
        client_id: 'client',
        granted,
        used: [`${auth}drive.readonly`],
        unused: ['openid', `${auth}drive`, `${auth}calendar`],
        unknown: [`${www}/youtube/v3`],
      },
    ]);
  });

  it('leaves out what was refused, and tokens that it does not know', () => {
    const ledger = openLedger();
    ledger.call(call(www, '/drive/v3/files', { status: 403 }));
    ledger.call(call(www, '/drive/v3/files', { requestHeaders: [['authorization', 'Bearer x']] }));
    expect(ledger.uses[0]?.used).toEqual([]);
  });
});
