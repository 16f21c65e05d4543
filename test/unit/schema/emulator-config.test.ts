import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/app.js';
import { readEmulatorConfig } from '../../../src/tools/emulator/config.js';
import { EMULATOR_CONFIG_SCHEMA } from '../../../src/tools/emulator/config-schema.js';
import { refusalOf } from './support.js';

const CLIENT = '123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com';

const FULL = `# yaml-language-server: $schema=./emulator.schema.json
seed: nightly
clock: 2026-01-15T12:00:00Z
code_lifetime_seconds: 60
access_token_lifetime_seconds: 600
seed_files: 3
users:
  - email: quality@example.org
    sub: "117208453961027584600"
    email_verified: false
    name: Quality Assurance
    given_name: Quality
    family_name: Arbeit
    picture: https://example.org/quality.png
    hd: example.org
    locale: de
    grants: [drive.appdata]
    files:
      - { name: save.json, mime_type: application/json, content: "{}", modified_at: 2026-01-02 }
      - { name: icon.bin, content_base64: AAEC, created_at: 2026-01-01T00:00:00Z }
clients:
  - client_id: ${CLIENT}
    client_secret: GOCSPX-for-tests-only
    project_id: my-project
    publishing: testing
    redirect_uris: [http://localhost:3000/callback]
    javascript_origins: [http://localhost:3000]
    status: active
service_accounts:
  - { email: robot@my-project.iam.gserviceaccount.com, delegated_scopes: [drive], status: active }
faults:
  - latency:ms=5
  - { name: status, times: always, user: quality@example.org, retry_after: 2 }
switches:
  reuse_revokes_tokens: true
  redeemed_wording: Code was already redeemed.
  revoke_body: ''
  mismatch_burns_code: true
  admin_policy_status: 403
`;

describe('the emulator’s config', () => {
  it('says everything that the schema knows, under the names of the options', () => {
    const { config } = readEmulatorConfig(FULL, 'emulator.yaml');
    expect(config).toEqual({
      seed: 'nightly',
      clock: '2026-01-15T12:00:00Z',
      codeLifetimeSeconds: 60,
      accessTokenLifetimeSeconds: 600,
      seedFiles: 3,
      users: [
        {
          email: 'quality@example.org',
          sub: '117208453961027584600',
          emailVerified: false,
          name: 'Quality Assurance',
          givenName: 'Quality',
          familyName: 'Arbeit',
          picture: 'https://example.org/quality.png',
          hd: 'example.org',
          locale: 'de',
          grants: ['drive.appdata'],
          files: [
            {
              name: 'save.json',
              mimeType: 'application/json',
              content: '{}',
              createdAt: Date.UTC(2025, 0, 1),
              modifiedAt: Date.UTC(2026, 0, 2),
            },
            {
              name: 'icon.bin',
              mimeType: 'application/octet-stream',
              content: Buffer.from([0, 1, 2]),
              createdAt: Date.UTC(2026, 0, 1),
              modifiedAt: Date.UTC(2026, 0, 1),
            },
          ],
        },
      ],
      clients: [
        {
          clientId: CLIENT,
          clientSecret: 'GOCSPX-for-tests-only',
          projectId: 'my-project',
          publishing: 'testing',
          redirectUris: ['http://localhost:3000/callback'],
          javascriptOrigins: ['http://localhost:3000'],
          status: 'active',
        },
      ],
      serviceAccounts: [
        {
          email: 'robot@my-project.iam.gserviceaccount.com',
          delegatedScopes: ['drive'],
          status: 'active',
        },
      ],
      faults: [
        'latency:ms=5',
        { name: 'status', times: 'always', user: 'quality@example.org', retry_after: 2 },
      ],
      switches: {
        reuseRevokesTokens: true,
        redeemedWording: 'Code was already redeemed.',
        revokeBody: '',
        mismatchBurnsCode: true,
        adminPolicyStatus: 403,
      },
    });
    const named = Object.keys(EMULATOR_CONFIG_SCHEMA['properties'] as object);
    expect(named.filter((key) => key !== '$schema' && !FULL.includes(`${key}:`))).toEqual([]);
  });

  it('is what the emulator takes: the phone of a person who grants little gets little', () => {
    const { config } = readEmulatorConfig(FULL, 'emulator.yaml');
    const { clock: _clock, ...options } = config;
    const emulator = createEmulator(options);
    expect(emulator.signIn({ scopes: ['email', 'drive.appdata', 'drive.file'] }).scopes).toEqual([
      'https://www.googleapis.com/auth/userinfo.email',
      'https://www.googleapis.com/auth/drive.appdata',
    ]);
    expect(emulator.faults.active).toMatchObject([{ name: 'latency' }, { remaining: 'always' }]);
    expect(emulator.clientFile().web.project_id).toBe('my-project');
  });

  it('describes every key, for editors', () => {
    const bare: string[] = [];
    const look = (schema: Record<string, unknown>, path: string) => {
      const { properties = {}, items } = schema as { properties?: object; items?: unknown };
      for (const [key, inner] of Object.entries(properties)) {
        if (typeof inner.description !== 'string') bare.push(`${path}.${key}`);
        look(inner, `${path}.${key}`);
      }
      if (items !== undefined) look(items as Record<string, unknown>, `${path}[]`);
    };
    look(EMULATOR_CONFIG_SCHEMA as Record<string, unknown>, '');
    expect(bare).toEqual([]);
  });

  it.each([
    ['users:\n- email: a@b.c\n- email: a@b.c', '3:3: users[1].email is already that of users[0].'],
    ['users:\n- email: quality', '2:3: users[0].email must be an email address.'],
    [
      'users:\n- {email: a@b.c, sub: 117208453961027584600}',
      '2:18: users[0].sub must be a text of 1 to 255 characters without blanks: put it in quotes.',
    ],
    ['users:\n- email: a@b.c\n  emailVerified: true', 'did you mean email_verified?'],
    ['clients:\n- client_id: my-client', '2:3: clients[0].client_id must be a client ID: <project'],
    [`clients:\n- {client_id: ${CLIENT}, kind: andriod}`, 'did you mean android?'],
    ['clock: tomorrow', '1:1: clock must be a time such as 2026-01-15T12:00:00Z, or an offset'],
    ['faults:\n- 7', '2:3: faults[0] must be a fault as text or a map.'],
    ['faults:\n- {times: 2}', '2:3: faults[0] needs name.'],
    ['users:\n- email: a@b.c\n  files: [{name: x, content: a, content_base64: YQ==}]', 'has both'],
    [
      'users:\n- email: a@b.c\n  files: [{name: x, created_at: 2026-13-45}]',
      'is not a time that exists',
    ],
  ])('%j: %s', (text, words) => {
    const { code, message } = refusalOf(() => readEmulatorConfig(text, 'emulator.yaml'));
    expect(message).toContain(words);
    expect(message).toMatch(/^emulator\.yaml:\d+:\d+: /);
    expect(code).toBe('usage');
  });
});
