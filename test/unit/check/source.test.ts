import { describe, expect, it } from 'vitest';
import { readSource, worthReading } from '../../../src/tools/check/project/source-file.js';
import { ids } from './support.js';

const facts = (text: string, ending: string) =>
  readSource(text, ending).facts.map(({ fact, line }) => `${line} ${fact}`);

describe('source of an app', () => {
  it.each([
    ['swift', 'GIDConfiguration(clientID: id)', ['1 configuration']],
    [
      'swift',
      'GIDConfiguration(\n  clientID: app()?.id ?? "",\n  serverClientID: server)',
      ['1 configuration-with-server'],
    ],
    ['m', '[[GIDConfiguration alloc] initWithClientID:kID]', ['1 configuration']],
    [
      'm',
      '[[GIDConfiguration alloc] initWithClientID:kID serverClientID:kServer]',
      ['1 configuration-with-server'],
    ],
    ['swift', 'GIDSignIn.sharedInstance().clientID = id', ['1 sign-in', '1 configuration']],
    [
      'swift',
      'let one = GIDSignIn.sharedInstance()\none?.clientID = id',
      ['1 sign-in', '2 configuration'],
    ],
    ['swift', '// GIDConfiguration(clientID: id)', []],
    ['dart', 'GoogleSignIn(serverClientId: null, clientId: null)', ['1 sign-in']],
    ['dart', 'GoogleSignIn(\n  serverClientId: id)', ['1 sign-in']],
    ['dart', 'OtherSignIn(serverClientId: id)', []],
    ['ts', 'GoogleSignin.configure({ webClientId, offlineAccess: false })', ['1 configure']],
    ['ts', 'GoogleSignin.configure({ offlineAccess: true })', ['1 offline-access', '1 configure']],
    ['ts', 'GoogleSignin.configure(settings)', ['1 configure', '1 configure-open']],
    ['ts', 'interface User { serverAuthCode?: string }', []],
    ['kt', 'serverAuthCode', ['1 server-auth-code']],
    ['py', 'serverAuthCode', []],
  ])('%s: %s', (ending, text, expected) => {
    expect(facts(text, ending)).toEqual(expected);
    if (expected.length > 0) expect(text).toMatch(worthReading);
  });

  it('takes the expressions that IDs are given by, under the key that they stand under', () => {
    const text = `SocialLogin.initialize({ google: {\n  iOSClientId: '${ids.ios}', // webClientId: 'x'\n  iOSServerClientId: server.id } })`;
    const passed = readSource(text, 'ts').passed.map(({ key, role, text: written, sure }) => [
      key,
      role,
      written,
      sure,
    ]);
    expect(passed).toEqual([
      ['iOSClientId', 'client', `'${ids.ios}'`, true],
      ['iOSServerClientId', 'server', 'server.id', true],
    ]);
  });
});
