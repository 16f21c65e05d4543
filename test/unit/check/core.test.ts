import { describe, expect, it } from 'vitest';
import { toApps } from '../../../src/tools/check/apps.js';
import { toIdShape, toScheme } from '../../../src/tools/check/client-id.js';
import { type BarePin, parsePodfileLock } from '../../../src/tools/check/project/lock-files.js';
import { hasPrivacyManifest } from '../../../src/tools/check/rules/pins.js';
import { compareVersions } from '../../../src/tools/check/version.js';
import { ids } from './support.js';

describe('client IDs', () => {
  it.each([
    [ids.ios, 'right'],
    ['104729104729.apps.googleusercontent.com', 'right'],
    [ids.scheme, 'reversed'],
    ['$(GOOGLE_CLIENT_ID)', 'variable'],
    ['$' + '{GOOGLE_CLIENT_ID}', 'variable'],
    ['$(GOOGLE_CLIENT_ID).apps.googleusercontent.com', 'variable'],
    ['@string/server_client_id', 'variable'],
    ['', 'placeholder'],
    ['YOUR_CLIENT_ID.apps.googleusercontent.com', 'placeholder'],
    ['<client id>', 'placeholder'],
    ['123456789012-xxxxxxxxxxxxxxxx.apps.googleusercontent.com', 'placeholder'],
    ['741212345678-example.apps.googleusercontent.com', 'placeholder'],
    [`${ids.ios}\n`, 'blank'],
    [`"${ids.ios}"`, 'blank'],
    [`https://${ids.ios}`, 'malformed'],
    [ids.ios.replace('.apps.googleusercontent.com', ''), 'malformed'],
    [ids.ios.replace('googleuser', 'user'), 'malformed'],
    ['someone@example.com', 'malformed'],
    [ids.secret, 'secret'],
    ['AIzaFakeFakeFake', 'api-key'],
    [['x'], 'not-string'],
    [undefined, 'not-string'],
  ])('%j is %s', (value, shape) => {
    expect(toIdShape(value).shape).toBe(shape);
  });

  it('reverses both ways', () => {
    expect(toScheme(ids.ios)).toBe(ids.scheme);
    expect(toScheme(ids.scheme)).toBe(ids.ios);
  });
});

describe('versions', () => {
  it('orders them as semver does', () => {
    const ordered = [
      '1.9',
      '1.10.0-alpha',
      '1.10.0-alpha.2',
      '1.10.0-alpha.10',
      'v1.10.0',
      '1.10.0.1',
      '2',
    ];
    const mixed = [...ordered].reverse().sort(compareVersions);
    expect(mixed).toEqual(ordered);
    expect(compareVersions('1.0', '1.0.0')).toBe(0);
    expect(compareVersions('1.0.0+build', '1.0.0')).toBe(0);
  });

  it.each([
    ['7.0.0', false],
    ['7.1.0', true],
    ['8.0.0', true],
    ['7.2.0-beta.1', true],
    ['7.1.0-beta.1', false],
    ['7.1.0-fac-eap-1.0.0', false],
    ['7.1.0-fac-beta-1.0.0', false],
    ['7.1.0-fac-beta-1.1.0', true],
    ['4.4.0', false],
  ])('GoogleSignIn %s has the privacy manifest: %s', (version, has) => {
    expect(hasPrivacyManifest('GoogleSignIn', version)).toBe(has);
  });
});

describe('lock files', () => {
  it.each([
    ['PODS:\n  - "GoogleSignIn (7.0.0)":\n    - GTMAppAuth (~> 4.0)\n', ['2 GoogleSignIn 7.0.0']],
    [
      'PODS:\n- GTMAppAuth (4.1.0)\n# no pod\n\n- Other\nDEPENDENCIES:\n- GoogleSignIn\n',
      ['2 GTMAppAuth 4.1.0'],
    ],
    ['PODS:\r\n  - GoogleSignIn\r\n', ['2 GoogleSignIn null']],
    ['PODS: []\nCOCOAPODS: 1.16.2\n', []],
    ['PODS: 7\n', { reason: 'it has no list PODS', line: null }],
    ['PODS:\n  - A\n  B: 1\n', { reason: 'it is no YAML', line: 3 }],
  ])('reads a Podfile.lock: %j', (text, expected) => {
    const pins = parsePodfileLock(text);
    const brief = (pin: BarePin) => `${pin.line} ${pin.library} ${pin.version}`;
    expect(Array.isArray(pins) ? pins.map(brief) : pins).toEqual(expected);
  });
});

describe('apps', () => {
  it('takes the framework’s folder for the app, and the outermost of native ones', () => {
    expect([
      ...toApps([
        { root: 'mobile/ios', kind: 'native' },
        { root: 'mobile', kind: 'flutter' },
        { root: 'mac/Sub', kind: 'native' },
        { root: 'mac', kind: 'native' },
      ]).values(),
    ]).toEqual([
      { root: 'mobile', kind: 'flutter' },
      { root: 'mac', kind: 'native' },
    ]);
  });
});
