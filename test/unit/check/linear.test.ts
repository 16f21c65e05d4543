import { afterEach, beforeEach, expect, it } from 'vitest';
import { createStyle } from '../../../src/terminal/style.js';
import { checkProject } from '../../../src/tools/check/check.js';
import { readProject } from '../../../src/tools/check/project/read-project.js';
import { renderFindings } from '../../../src/tools/check/render.js';
import { toSarif } from '../../../src/tools/check/sarif.js';
import { ids, plantTree, type Tree } from './support.js';

/** One of each class of characters, and what the readers look for. */
const repeated = [
  ...['a', 'F', '7', ' ', '\t', '\n', '\r\n', '\0', 'é', '😀', '_'],
  ...["'", '"', '`', '<', '>', '&', '{', '}', '[', ']', '(', ')', '/', '\\', ':', '=', '-', '.'],
  ...['+', '*', '#', '@', '$', '%', ';', ',', '!', '|', '?'],
  ...['GOCSPX-', `${ids.secret}\n`, `${ids.secret} `, '1//0', `${ids.refreshToken} `],
  ...['-----BEGIN PRIVATE KEY-----', 'VITE_A="', '$(', '${', `${ids.ios} `, ids.ios],
  ...['<!--', '<![CDATA[', '<key>', '<key>a</key>', '<string>a</string>', '<dict>', '&quot;', '&#'],
  ...['GIDSignIn ', 'GIDSignIn.', 'GIDConfiguration(clientID:', 'serverAuthCode\n'],
  ...['serverAuthCode ', 'serverClientID: "a" ', `serverClientID: "${ids.web}"\n`],
  ...['GoogleAuth: {', '<string name="server_client_id">', 'a in Resources */', 'apply false'],
  ...['"a":', '{"a":', '"a",', '- ', '? ', ': ', '- a\n', 'a: b\n', '&a ', '*a ', '---\n', '}{'],
  ...['<<<<<<< ', 'https://', 'x\n//', 'a = b;'],
];

const plist = (value: string) =>
  `<plist><dict><key>GIDClientID</key><string>${value.replace(/[<&]/g, 'x')}</string></dict></plist>`;
const json = JSON.stringify;
const signIn = 'GIDSignIn GoogleSignIn GoogleSignin google GOCSPX- 1//0 service_account';

/** What each reader is given of a long run: the run itself, and as a value where it takes values. */
const files: Record<string, (run: string) => string> = {
  'a/Info.plist': (run) => run,
  'b/Info.plist': plist,
  'c/Info.plist': (run) => `<plist><dict>${run}</dict></plist>`,
  'd/Info.plist': (run) => `{a = ${run}`,
  'e/Other.plist': (run) => `GIDClientID${run}`,
  'a/Podfile.lock': (run) => run,
  'b/Podfile.lock': (run) => `PODS:\n  - GoogleSignIn (7.0.0)\n  - ${run}`,
  'c/Podfile.lock': (run) => `PODS: ["${run}`,
  'a/Package.resolved': (run) => run,
  'b/Package.resolved': (run) => `{"pins":[${run}`,
  'c/Package.resolved': (run) =>
    `{"pins":[{"identity":${json(`${run}x`)}},{"identity":"googlesignin","state":{"version":${json(`7.${run}\nx`)}}}]}`,
  'a/Cartfile.resolved': (run) => run,
  'b/Cartfile.resolved': (run) => `github "${run}`,
  'a/client_secret.json': (run) => run,
  'b/client_secret.json': (run) =>
    `{"web":{"client_id":${json(run)},"client_secret":${json(run)}}}`,
  'a/google-services.json': (run) => `{"project_info":{"project_number":${json(run)}}}`,
  'a/package.json': (run) => `{"dependencies":{"react-native":"1",${json(run)}:"expo"}}`,
  'b/package.json': (run) => `{"react-native":${run}`,
  'a/app.json': (run) => `{"expo":${run}`,
  'b/app.json': (run) => `{"expo":{"scheme":${json(run)}}}`,
  'a/capacitor.config.json': (run) =>
    `{"plugins":{"GoogleAuth":{"serverClientId":${json(`${run}x`)}}}}`,
  'a/capacitor.config.ts': (run) => `GoogleAuth: { serverClientId: '${run}`,
  'a/pubspec.yaml': (run) => `flutter:\n  sdk: a\ndependencies:\n  ${run}`,
  'a/Podfile': (run) => `GoogleSignIn${run}`,
  'a/x.xcodeproj/project.pbxproj': (run) => run,
  'a/build.gradle': (run) => run,
  'a/res/values/strings.xml': (run) => `<string name="server_client_id">${run}`,
  'a/key.json': (run) => `{"client_secret":${run}`.slice(0, 65_000),
  'a/lib/one.swift': (run) => `${signIn}${run}x`,
  'a/lib/two.m': (run) => `${signIn}\n${run}x`,
  'b/lib/one.dart': (run) => `${signIn} ${run}x`,
  'a/src/one.ts': (run) => `${signIn} ${run}x`,
  'a/src/two.vue': (run) => `${signIn}\n${run}x`,
  'server/one.py': (run) => `${signIn} ${run}x`,
};

const style = createStyle(false, 80);
let tree: Tree;
beforeEach(() => {
  tree = plantTree();
});
afterEach(() => tree.remove());

/** The milliseconds of CPU that a check takes of each file as long as that. */
async function cost(run: string): Promise<number> {
  for (const [file, write] of Object.entries(files)) tree.write(file, write(run));
  const before = process.cpuUsage();
  const { signal } = new AbortController();
  const project = await readProject({
    directory: tree.path,
    askGit: async () => new Map(),
    signal,
  });
  const { findings } = checkProject(project);
  renderFindings(findings, style);
  toSarif(findings, '1');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

it.each(repeated)('reads files of nothing but %j in a time that grows with them', async (unit) => {
  const run = (length: number) => unit.repeat(Math.ceil(length / unit.length));
  const large = await cost(run(400_000));
  // So much is linear for certain: what grows with the square would take minutes.
  if (large < 2_000) return;
  const small = Math.min(await cost(run(100_000)), await cost(run(100_000)));
  expect(Math.min(large, await cost(run(400_000)))).toBeLessThan(small * 9);
});
