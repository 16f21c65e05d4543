import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../support/run.js';
import {
  bothIds,
  brief,
  check,
  ids,
  infoPlist,
  plantTree,
  type Tree,
  withPath,
} from './support.js';

/** Looks like Google's own; in one piece, whoever scans this repository would take it for one. */
const lifelike = ['GOCSPX-', 'pK7vQz0RmY3', '-LdW9_hTbX', 'c5NgUe8'].join('');
const key = `-----BEGIN PRIVATE KEY-----\n${'fakeFAKE'.repeat(8)}\n-----END PRIVATE KEY-----`;
const email = 'sample@sample-fake.iam.gserviceaccount.com';
const { secret, refreshToken } = ids;

describe('secrets written into files', () => {
  let desk: Desk;
  let tree: Tree;
  beforeAll(() => {
    desk = createDesk();
  });
  beforeEach(() => {
    tree = plantTree();
  });
  afterEach(() => tree.remove());
  afterAll(() => desk.dispose());

  /** Findings as `file:line severity rule`; with `tracked`, the tree is a repository that has it all. */
  async function found(files: Record<string, string>, tracked = false): Promise<string[]> {
    for (const [file, text] of Object.entries(files)) tree.write(file, text);
    if (tracked) {
      tree.git('init', '--quiet');
      tree.git('add', '.');
    }
    return brief((await check(desk, tree.path)).findings, ['severity', 'rule']);
  }

  const manifest = { 'app/src/main/AndroidManifest.xml': '<manifest/>' };
  const inJava = 'app/src/main/java/com/example/api';
  const apps = { Android: manifest, iOS: { 'Sample/Info.plist': infoPlist(bothIds) } };

  it.each<[app: keyof typeof apps, file: string, text: string]>([
    ['Android', `${inJava}/Auth.kt`, `const val SECRET = "${secret}"`],
    ['Android', `${inJava}/Auth.java`, `static final String SECRET = "${secret}";`],
    ['Android', 'app/build.gradle', `buildConfigField "String", "SECRET", '"${secret}"'`],
    ['Android', 'app/build.gradle.kts', `buildConfigField("String", "SECRET", "\\"${secret}\\"")`],
    ['Android', 'app/src/main/res/values/strings.xml', `<string name="secret">${secret}</string>`],
    ['Android', 'gradle.properties', `googleClientSecret=${secret}`],
    ['Android', 'local.properties', `googleClientSecret=${secret}`],
    ['iOS', 'Sample/Auth.m', `NSString *secret = @"${secret}";`],
    ['iOS', 'Sample/Auth.h', `#define SECRET @"${secret}"`],
    ['iOS', 'Config/Release.xcconfig', `CLIENT_SECRET = ${secret}`],
    [
      'iOS',
      'Sample/Secrets.plist',
      `<plist><dict><key>S</key><string>${secret}</string></dict></plist>`,
    ],
    ['iOS', 'lib/auth.dart', `const secret = '${secret}';`],
  ])('are errors in an app for %s: %s', async (app, file, text) => {
    expect(await found({ ...apps[app], [file]: text })).toEqual([
      `${file}:1 error client-secret-in-source`,
    ]);
  });

  it('have no line in a binary property list', async () => {
    const file = 'Payload/Some.app/Secrets.plist';
    expect(await found({ [file]: `bplist00\n\n${secret}` })).toEqual([
      `${file} error client-secret-in-source`,
    ]);
  });

  it('knows an Android module by its plugin, and a file by its imports', async () => {
    const plugin = 'plugins {\n  id("com.android.library")\n}';
    const outer = 'plugins {\n  id("com.android.library") version "8.0" apply false\n}';
    expect(
      await found({
        'build.gradle.kts': outer,
        'core/build.gradle.kts': plugin,
        'core/src/main/kotlin/com/example/Core.kt': `"${secret}"`,
        'other/Use.kt': `import android.content.Context\n"${secret}"`,
        'other/Plain.kt': `"${secret}"`,
      }),
    ).toEqual([
      'core/src/main/kotlin/com/example/Core.kt:1 error client-secret-in-source',
      'other/Plain.kt:1 warning secret-in-source',
      'other/Use.kt:2 error client-secret-in-source',
    ]);
  });

  it('are errors in a server’s files that git tracks, else less', async () => {
    const files = Object.fromEntries<string>([
      ['src/server.js', `const secret = '${secret}';`],
      ['src/server.ts', `const secret = "${secret}";`],
      ['src/server.mjs', `export const secret = \`${secret}\`;`],
      ['src/server.cjs', `exports.secret = '${secret}';`],
      ['app/views.py', `CLIENT_SECRET = "${secret}"`],
      ['cmd/main.go', `const secret = "${secret}"`],
      ['web/auth.php', `$secret = '${secret}';`],
      ['config/auth.rb', `secret = "${secret}"`],
      ['src/main/java/com/example/Auth.java', `String secret = "${secret}";`],
      ['src/main/resources/application.properties', `google.secret=${secret}`],
      ['src/main/resources/application.yml', `secret: ${secret}`],
      ['docker-compose.yml', `    SECRET: ${secret}`],
      ['Dockerfile', `ENV SECRET=${secret}`],
      ['appsettings.json', `{ "google": { "clientSecret": "${secret}" } }`],
      ['.github/workflows/deploy.yml', `  SECRET: ${secret}`],
      ['.env', `SECRET=${secret}`],
      ['deploy/production.env', `SECRET=${secret}`],
      ['server/lib/auth.swift', `let secret = "${secret}"`],
    ]);
    const told = (what: string, among = Object.keys(files)) =>
      among.map((file) => `${file}:1 ${what}`).sort();
    expect((await found(files, true)).sort()).toEqual(told('error client-secret-tracked'));
    tree.git('rm', '--cached', '--quiet', ...Object.keys(files));
    expect((await found({})).sort()).toEqual(told('warning secret-not-ignored'));
    expect(await found({ '.gitignore': '*' })).toEqual([]);
    // An environment file outside of any repository is where a secret belongs.
    tree.remove();
    tree = plantTree();
    const others = Object.keys(files).filter((file) => !file.endsWith('.env'));
    expect((await found(files)).sort()).toEqual(told('warning secret-in-source', others));
  });

  it.each<[why: string, files: Record<string, string>, place: string]>([
    ['by Vite', { '.env.local': `\nVITE_SECRET="${secret}"` }, '.env.local:2'],
    ['by Next.js', { Dockerfile: `ENV NEXT_PUBLIC_SECRET=${secret}` }, 'Dockerfile:1'],
    ['by Expo', { 'eas.json': `{"env": {"EXPO_PUBLIC_SECRET": "${secret}"}}` }, 'eas.json:1'],
    [
      'by react-native-config',
      {
        'app/package.json':
          '{"dependencies": {"react-native": "0.81.0", "react-native-config": "1.5.0"}}',
        'app/.env.production': `SECRET=${secret}`,
      },
      'app/.env.production:1',
    ],
    [
      'by flutter_dotenv',
      {
        'pubspec.yaml': 'dependencies:\n  flutter:\n    sdk: flutter\n  flutter_dotenv: ^6.0.0\n',
        '.env': `SECRET=${secret}`,
      },
      '.env:1',
    ],
  ])('are errors where they are built in, %s, whatever git does', async (_why, files, place) => {
    expect(await found(files, true)).toEqual([`${place} error client-secret-in-source`]);
    expect(await found({ '.gitignore': '*' })).toEqual([`${place} error client-secret-in-source`]);
  });

  it('are a server’s under a name that only resembles a built-in one, or in another folder', async () => {
    const files = {
      '.env': `PUBLICATION_SECRET=${secret}\nMY_VITE_SECRET=${secret}\nSECRET=${secret}`,
      'app/package.json':
        '{"dependencies": {"react-native": "0.81.0", "react-native-config": "1.5.0"}}',
    };
    expect(await found(files, true)).toEqual(
      [1, 2, 3].map((line) => `.env:${line} error client-secret-tracked`),
    );
    expect(await found({ '.env': '', '.env.example': `VITE_SECRET=${secret}` })).toEqual([]);
  });

  it('are a warning in settings of an app’s build that git ignores, and an error in its source', async () => {
    const files = {
      ...manifest,
      '.gitignore': 'local.properties\nSecrets.kt\n',
      'local.properties': `secret=${secret}`,
      [`${inJava}/Secrets.kt`]: `"${secret}"`,
    };
    expect(await found(files, true)).toEqual([
      `${inJava}/Secrets.kt:1 error client-secret-in-source`,
      'local.properties:1 warning client-secret-in-source',
    ]);
  });

  it.each<[what: string, text: string, rule: string]>([
    ['refresh token', `token = "${refreshToken}"`, 'credential-key-tracked'],
    ['escaped', `token = "${refreshToken.replaceAll('/', '\\/')}"`, 'credential-key-tracked'],
    ['private key', `key = """${key}"""\nemail = "${email}"`, 'credential-key-tracked'],
    [
      'on one line',
      `KEY="${key.replaceAll('\n', '\\n')}"; EMAIL="${email}"`,
      'credential-key-tracked',
    ],
  ])('are refresh tokens and private keys, too: %s', async (_what, text, rule) => {
    expect(await found({ 'app.py': text }, true)).toEqual([`app.py:1 error ${rule}`]);
  });

  it.each([
    'process.env.GOOGLE_CLIENT_SECRET',
    'os.getenv("GOCSPX-")',
    'GOCSPX-xxxx',
    'GOCSPX-XXXXXXXXXXXXXXXXXXXXXXXXXXXX',
    'GOCSPX-YOUR_SECRET',
    'GOCSPX-your-client-secret',
    'GOCSPX-<secret>',
    'GOCSPX-[secret]',
    'GOCSPX-example-0000000000000000000',
    'GOCSPX-ab12cd34...',
    'GOCSPX-ab12cd34…',
    'GOCSPX-ab12cd34****',
    'GOCSPX-ab12cd34$' + '{rest}',
    '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',
    'GOCSPX-for-tests-only',
    `GOCSPX-${'0a'.repeat(60)}`,
    '/GOCSPX-[\\w-]+/',
    '1//0your-refresh-token-goes-here',
    '1//0xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    '1//0abc',
    'https://example.com/v1//0123456789abcdef0123456789abcdef',
    `it starts with -----BEGIN PRIVATE KEY----- and is of ${email}`,
    `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC...\n${email}`,
    `-----BEGIN PRIVATE KEY-----\nYOUR_PRIVATE_KEY_GOES_HERE_IN_BASE64\n${email}`,
    // Any other service's key: nothing says that it is Google's.
    key,
  ])('are none where somebody is meant to put one, or none is: %s', async (text) => {
    expect(await found({ 'config/settings.py': `value = '${text}'` }, true)).toEqual([]);
  });

  it('weigh less in tests and examples, where only a lifelike one is told', async () => {
    const text = `const secret = '${lifelike}';`;
    const made = `const secret = '${secret}';\nconst token = '${refreshToken}';`;
    const files = {
      'test/auth.js': text,
      'src/auth.test.js': text,
      'src/test/java/com/acme/AuthTest.java': text,
      'docs/sample.py': text,
      '.env.example': `SECRET=${lifelike}`,
      'tests/made-up.js': made,
      'fixtures/key.js': `"${key}" of "${email}"`,
      'src/latest/auth.js': text,
    };
    const places = ['.env.example', 'docs/sample.py', 'src/auth.test.js'];
    const others = ['src/test/java/com/acme/AuthTest.java', 'test/auth.js'];
    expect(await found(files)).toEqual([
      ...places.map((file) => `${file}:1 note secret-in-source`).slice(1),
      'src/latest/auth.js:1 warning secret-in-source',
      ...others.map((file) => `${file}:1 note secret-in-source`),
    ]);
    expect(await found({}, true)).toEqual([
      ...places.map((file) => `${file}:1 warning client-secret-tracked`),
      'src/latest/auth.js:1 error client-secret-tracked',
      ...others.map((file) => `${file}:1 warning client-secret-tracked`),
    ]);
  });

  it('are not looked for in what was built, fetched or written by others', async () => {
    const text = `const secret = '${secret}';`;
    const files = ['vendor/x/auth.go', 'dist/main.js', 'node_modules/x/auth.js', 'lib.min.js'];
    expect(
      await found({
        ...Object.fromEntries(files.map((file) => [file, text])),
        'src/huge.js': `${text}${' '.repeat(600_000)}`,
        'src/main.js': '',
      }),
    ).toEqual([]);
  });

  it('are told once of a credential file, and only masked in each format', async () => {
    const client = { client_id: ids.web, client_secret: secret, refresh_token: refreshToken };
    tree.write('token.json', JSON.stringify(client));
    tree.write('app.py', `"${secret}" "${refreshToken}"\n"${key}" "${email}"`);
    expect(await found({}, true)).toEqual([
      'app.py:1 error client-secret-tracked',
      'app.py:1 error credential-key-tracked',
      'app.py:2 error credential-key-tracked',
      'token.json:1 error credential-key-tracked',
    ]);
    for (const format of ['text', 'json', 'sarif']) {
      const ran = await desk.run(['check', tree.path, '--format', format], { env: withPath });
      expect(ran.exitCode).toBe(6);
      expect(ran.stdout).toContain('GOCSPX-…(35)');
      expect(ran.stdout).not.toContain('FAKEfake');
    }
  });
});
