import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckFinding, CheckResult } from '../../../src/tools/check/model.js';
import type { Desk } from '../../support/run.js';

const fixtures = fileURLToPath(new URL('../../fixtures/check', import.meta.url));

/** The invented project and its clients, as the fixtures have them. */
export const ids = {
  number: '104729104729',
  otherNumber: '271828271828',
  ios: '104729104729-fakeios0fakeios0fakeios0fakeios0.apps.googleusercontent.com',
  web: '104729104729-fakeweb0fakeweb0fakeweb0fakeweb0.apps.googleusercontent.com',
  android: '104729104729-fakeand0fakeand0fakeand0fakeand0.apps.googleusercontent.com',
  otherWeb: '271828271828-fakeweb1fakeweb1fakeweb1fakeweb1.apps.googleusercontent.com',
  scheme: 'com.googleusercontent.apps.104729104729-fakeios0fakeios0fakeios0fakeios0',
  secret: 'GOCSPX-fakeFAKEfakeFAKEfakeFAKEfake',
  refreshToken: '1//0fakeFAKEfakeFAKEfakeFAKEfakeFAKEfake',
} as const;

/** A folder of its own, outside any repository. */
export interface Tree {
  readonly path: string;
  write(file: string, content: string | Uint8Array): void;
  git(...args: string[]): void;
  remove(): void;
}

/** A copy of a fixture, or an empty folder. */
export function plantTree(fixture?: string): Tree {
  const path = mkdtempSync(join(tmpdir(), 'gsac-check-'));
  if (fixture !== undefined) cpSync(join(fixtures, fixture), path, { recursive: true });
  return {
    path,
    write(file, content) {
      const target = join(path, file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    },
    git(...args) {
      const identity = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.com'];
      execFileSync('git', ['-C', path, ...identity, ...args], { stdio: 'ignore' });
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The environment that git is found in. */
export const withPath = { PATH: process.env['PATH'] };

/** Checks a folder as JSON. */
export async function check(
  desk: Desk,
  path: string,
  ...flags: string[]
): Promise<CheckResult & { exitCode: number }> {
  const ran = await desk.run(['check', path, '--json', ...flags], { env: withPath });
  if (ran.stderr !== '') throw new Error(ran.stderr);
  return { ...ran.json<CheckResult & Record<string, unknown>>(), exitCode: ran.exitCode };
}

/** Findings in short: `file:line rule`, or other fields of theirs behind the place. */
export function brief(
  findings: readonly CheckFinding[],
  fields: readonly ('rule' | 'severity')[] = ['rule'],
): string[] {
  return findings.map(({ file, line, ...finding }) =>
    [line === null ? file : `${file}:${line}`, ...fields.map((field) => finding[field])].join(' '),
  );
}

/** An app's Info.plist with some keys of its own, given as XML. */
export function infoPlist(body: string, schemes: readonly string[] = [ids.scheme]): string {
  const list = schemes.map((scheme) => `<string>${scheme}</string>`).join('');
  const types =
    schemes.length === 0
      ? ''
      : `<key>CFBundleURLTypes</key><array><dict><key>CFBundleURLSchemes</key><array>${list}</array></dict></array>\n`;
  return xmlPlist(`<key>CFBundlePackageType</key><string>APPL</string>\n${types}${body}`);
}

/** A property list with a dictionary. */
export function xmlPlist(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n<dict>\n${body}\n</dict>\n</plist>\n`;
}

/** A key with a string. */
export function entry(key: string, value: string): string {
  return `<key>${key}</key><string>${value}</string>\n`;
}

/** Both IDs, right. */
export const bothIds = entry('GIDClientID', ids.ios) + entry('GIDServerClientID', ids.web);

/** A `client_secret_*.json`. */
export function clientFile(
  kind: 'web' | 'installed' = 'web',
  fields: Record<string, unknown> = {},
): string {
  const client = {
    client_id: ids.web,
    token_uri: 'https://oauth2.googleapis.com/token',
    client_secret: ids.secret,
    redirect_uris: ['http://localhost'],
    ...fields,
  };
  return JSON.stringify({ [kind]: client }, null, 2);
}

/** A google-services.json with some OAuth clients. */
export function googleServices(
  clients: readonly { id: string; type: number }[],
  number: string = ids.number,
  packageName?: string,
): string {
  const oauth = clients.map(({ id, type }) => ({ client_id: id, client_type: type }));
  const info =
    packageName === undefined
      ? {}
      : { client_info: { android_client_info: { package_name: packageName } } };
  return JSON.stringify(
    {
      project_info: { project_number: number, project_id: 'sample-fake' },
      client: [{ ...info, oauth_client: oauth, services: {} }],
      configuration_version: '1',
    },
    null,
    2,
  );
}

/** A `project.pbxproj` of one app with some build settings, and a file that is copied into it. */
export function xcode(settings: Record<string, string>, copied?: string): string {
  const lines = Object.entries(settings).map(([key, value]) => `\t\t\t\t${key} = "${value}";`);
  const build =
    copied === undefined
      ? ''
      : `\t\tB1 = {isa = PBXBuildFile; fileRef = F1; };\n\t\tF1 = {isa = PBXFileReference; path = "${copied}"; sourceTree = "<group>"; };\n`;
  return `// !$*UTF8*$!
{
\tobjects = {
\t\tT0 = {isa = PBXNativeTarget; buildConfigurationList = L0; name = App; productType = "com.apple.product-type.application"; };
\t\tL0 = {isa = XCConfigurationList; buildConfigurations = (C0, ); };
\t\tC0 = {
\t\t\tisa = XCBuildConfiguration;
\t\t\tbuildSettings = {
${lines.join('\n')}
\t\t\t};
\t\t};
${build}\t};
}
`;
}
