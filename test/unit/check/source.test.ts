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
    ['swift', 'GIDSignIn.sharedInstance().clientID = id', ['1 configuration']],
    ['swift', '// GIDConfiguration(clientID: id)', []],
    ['dart', 'GoogleSignIn(serverClientId: null, clientId: null)', []],
    ['dart', 'GoogleSignIn(\n  serverClientId: id)', ['2 server-id-passed']],
    ['dart', 'OtherSignIn(serverClientId: id)', []],
    [
      'ts',
      'GoogleSignin.configure({ webClientId, offlineAccess: false })',
      ['1 configure', '1 server-id-passed'],
    ],
    ['ts', 'GoogleSignin.configure({ offlineAccess: true })', ['1 configure', '1 offline-access']],
    ['kt', 'serverAuthCode', []],
  ])('%s: %s', (ending, text, expected) => {
    expect(facts(text, ending)).toEqual(expected);
    if (expected.length > 0) expect(text).toMatch(worthReading);
  });

  it('takes IDs that stand there literally, under the key that they stand under', () => {
    const text = `initialize({ google: {\n  iOSClientId: '${ids.ios}',\n  iOSServerClientId: "${ids.web}" } })`;
    expect(readSource(text, 'ts').mentions).toEqual([
      { key: 'iOSServerClientId', role: 'server', value: ids.web, line: 3 },
      { key: 'iOSClientId', role: 'client', value: ids.ios, line: 2 },
    ]);
  });
});
