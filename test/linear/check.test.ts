import { afterEach, beforeEach, expect, it } from 'vitest';
import { createStyle } from '../../src/terminal/style.js';
import { appOf, toApps } from '../../src/tools/check/apps.js';
import { checkProject } from '../../src/tools/check/check.js';
import { readProject } from '../../src/tools/check/project/read-project.js';
import { renderFindings } from '../../src/tools/check/render.js';
import { toSarif } from '../../src/tools/check/sarif.js';
import {
  bothIds,
  clientFile,
  googleServices,
  ids,
  infoPlist,
  plantTree,
  type Tree,
} from '../unit/check/support.js';

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
  ...['<<<<<<< ', 'https://', 'x\n//', 'a = b;', '/*', '//', '(a = ', 'a ? b : ', 'a ?? ', 'a.b.'],
  ...['webClientId: ', 'webClientId, ', 'GoogleSignin.configure({', 'useAuthRequest(', 'a = "b", '],
  ...['buildConfigField(', '<variable ', 'requestIdToken(', 'GIDConfiguration(', 'client_secret: '],
  ...[
    '.clientID = ',
    'CFBundleURLSchemes: ',
    'applicationId ',
    '{ isa = PBXNativeTarget; ',
    'A = $(A)\n',
  ],
];

const plist = (value: string) =>
  `<plist><dict><key>GIDClientID</key><string>${value.replace(/[<&]/g, 'x')}</string></dict></plist>`;
const json = JSON.stringify;
const signIn = 'GIDSignIn GoogleSignIn GoogleSignin google GOCSPX- 1//0 service_account';

/** What each reader is given of a run: the run itself, and as a value if it takes values. */
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
  'b/src/one.ts': (run) => `google GoogleSignin.configure({ webClientId: ${run}`,
  'b/src/two.ts': (run) => `google serverAuthCode\nconst webClientId = ${run};`,
  'b/lib/two.dart': (run) => `GoogleSignIn(serverClientId: ${run}`,
  'b/lib/two.swift': (run) => `GIDSignIn GIDConfiguration(clientID: ${run}`,
  'a/src/main/java/One.kt': (run) => `GoogleSignInOptions.requestServerAuthCode(${run}`,
  'b/build.gradle.kts': (run) => `id("com.android.application") buildConfigField(${run}`,
  'b/x.xcodeproj/project.pbxproj': (run) => `{ objects = { ${run}`,
  'a/project.yml': (run) => `targets:\n  google-signin: ${run}`,
  'a/Project.swift': (run) =>
    `import ProjectDescription GoogleSignIn .extendingDefault(with: [${run}`,
  'a/One.xcconfig': (run) => `GOOGLE = ${run}`,
  'a/One.entitlements': (run) => run,
  'a/.env': (run) => `GOOGLE_CLIENT_ID=${run}`,
  'a/application.yml': (run) => `google:\n  client: ${run}`,
  'a/appsettings.json': (run) => `{"Google": {"ClientId": ${run}`,
  'a/config.xml': (run) => `<widget><plugin name="cordova-plugin-googleplus">${run}`,
  'a/mobile-config.js': (run) => `configurePlugin('cordova-plugin-googleplus', {${run}`,
  'a/app.config.ts': (run) => `expo ios: { infoPlist: { ${run}`,
  'server/one.py': (run) => `${signIn} ${run}x`,
};

const style = createStyle(false, 80);
let tree: Tree;
beforeEach(() => {
  tree = plantTree();
});
afterEach(() => tree.remove());

/** The milliseconds of CPU that a check of the tree takes. */
async function cost(): Promise<number> {
  const before = process.cpuUsage();
  const { signal } = new AbortController();
  const project = await readProject(tree.path, async () => new Map(), signal);
  const { findings } = checkProject(project);
  renderFindings(findings, style);
  toSarif(findings, '1');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const readers = Object.entries(files);
const groups = Array.from({ length: Math.ceil(readers.length / 6) }, (_each, at) =>
  Object.fromEntries(readers.slice(at * 6, at * 6 + 6)),
);

const least = 150;

/**
 * Each unit is tried at 8 kB, in a few files at once. What costs much more than the others do is tried
 * at more: four times as long, what grows with the square costs sixteen times as much. What takes less
 * than `least` milliseconds at 128 kB is no harm, and cannot be told from the noise.
 */
it.each(groups)('reads files in a time that grows with them, %#', async (group) => {
  async function costOf(unit: string, length: number, tries = 1): Promise<number> {
    const run = unit.repeat(Math.ceil(length / unit.length));
    for (const [file, write] of Object.entries(group)) tree.write(file, write(run));
    const costs: number[] = [];
    while (costs.length < tries) costs.push(await cost());
    return Math.min(...costs);
  }
  async function growsTooFast(unit: string, atFirst: number): Promise<boolean> {
    if ((await costOf(unit, 32_000)) < atFirst * 6) return false;
    const atLast = await costOf(unit, 128_000, 2);
    return atLast > least && atLast > (await costOf(unit, 32_000, 2)) * 8;
  }
  await costOf('a', 8_000, 3);
  const costs: [unit: string, ms: number][] = [];
  for (const unit of repeated) costs.push([unit, await costOf(unit, 8_000)]);
  const usual = costs.map(([, ms]) => ms).sort((one, other) => one - other)[costs.length >> 1] ?? 0;
  for (const [unit, ms] of costs) {
    if (ms > usual * 2.5) expect(await growsTooFast(unit, ms), JSON.stringify(unit)).toBe(false);
  }
});

/** A tree of apps, each with files of every kind; `shared` is what belongs to none of them. */
function plantApps(apps: number, shared: number): void {
  const write = (folder: string, at: number) => {
    tree.write(`${folder}/Info.plist`, infoPlist(bothIds, [`com.example.s${at}`]));
    tree.write(`${folder}/GoogleService-Info.plist`, plist(ids.ios));
    tree.write(`${folder}/google-services.json`, googleServices([{ id: ids.web, type: 3 }]));
    tree.write(`${folder}/client_secret.json`, clientFile('web', { client_id: `${at}-x` }));
  };
  for (let at = 0; at < apps; at += 1) {
    write(`apps/a${at}`, at);
    tree.write(`apps/a${at}/Podfile`, '');
  }
  for (let at = 0; at < shared; at += 1) write(`shared/s${at}`, at);
}

/** Facts that count how often something of theirs is read. */
function counting<T extends object>(facts: readonly T[], count: () => void): T[] {
  return facts.map(
    (fact) =>
      new Proxy(fact, {
        get(target, key) {
          count();
          return Reflect.get(target, key);
        },
      }),
  );
}

it('holds apps against facts in steps that grow with both', async () => {
  async function stepsOf(apps: number, shared: number): Promise<number> {
    tree.remove();
    tree = plantTree();
    plantApps(apps, shared);
    const { signal } = new AbortController();
    const project = await readProject(tree.path, async () => new Map(), signal);
    let steps = 0;
    const counted = Object.entries(project).map(([name, facts]) => [
      name,
      Array.isArray(facts) ? counting(facts, () => (steps += 1)) : facts,
    ]);
    checkProject(Object.fromEntries(counted));
    return steps;
  }
  expect(await stepsOf(40, 40)).toBeLessThan((await stepsOf(10, 10)) * 4.5);
});

it('finds the app of a file by the folders around it', () => {
  const work = (count: number) => {
    const folders = Array.from({ length: count }, (_each, at) => `apps/of/many/a${at}`);
    const before = process.cpuUsage();
    const apps = toApps(folders.map((root) => ({ root, kind: 'native' })));
    const found = folders.map((folder) => appOf(apps, `${folder}/x`)?.root);
    const { user, system } = process.cpuUsage(before);
    expect(found).toEqual(folders);
    return user + system;
  };
  // The square of it would be 64 times as much, and seconds.
  expect(work(8_000)).toBeLessThan(work(1_000) * 30 + 20_000);
});
