import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validate } from '@actions/languageservice';
import { Ajv } from 'ajv';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { renderScoopManifest } from '../../.config/packages/manifests.js';
import { npmSettings } from '../support/npm-settings.js';
import { createSandbox, installGsac, until } from '../support/process.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('npm version', () => {
  /** A repository with the script, at version 1.0.0, which is tagged. */
  function openRepository() {
    const folder = mkdtempSync(join(tmpdir(), 'gsac-release-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const script = `node ${join(root, '.config/changelog.js')}`;
    const { scripts } = JSON.parse(read('package.json')) as { scripts: { version: string } };
    const version = scripts.version.replace('node .config/changelog.js', script);
    const manifest = { name: 'x', version: '1.0.0', scripts: { version } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    const author = { name: 'A', email: 'a@example.com' };
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      ...Object.fromEntries(
        ['AUTHOR', 'COMMITTER'].flatMap((who) => [
          [`GIT_${who}_NAME`, author.name],
          [`GIT_${who}_EMAIL`, author.email],
          [`GIT_${who}_DATE`, '2026-03-04T12:00:00Z'],
        ]),
      ),
    };
    const call = (file: string, ...args: readonly string[]) =>
      execFileSync(file, args, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
    const commit = (subject: string) =>
      call('git', 'commit', '--allow-empty', '-m', subject, '-m', 'Why.');
    call('git', 'init', '-q', '-b', 'main');
    call('git', 'add', '.');
    commit('Begin');
    return {
      folder,
      call,
      commit,
      changelog: () => readFileSync(join(folder, 'CHANGELOG.md'), 'utf8'),
    };
  }

  it('fills the changelog from the subjects since the last release', () => {
    const { call, commit, changelog } = openRepository();
    call('npm', 'version', '1.1.0');
    expect(changelog()).toBe('# Changelog\n\n## 1.1.0 (2026-03-04)\n\nThe first release.\n');
    commit('verify: a plan of <flows> with `<name>` in it');
    commit('Tests: a port of its own');
    commit('A second TERM kills the command');
    commit('exec --metadata: tokens are renewed');
    commit('Manual: the other causes');
    call('git', 'checkout', '-q', '-b', 'side');
    commit('check: reads JSON_with_comments');
    call('git', 'checkout', '-q', 'main');
    call('git', 'merge', '-q', '--no-ff', '-m', "Merge branch 'side'", 'side');
    call('npm', 'version', 'minor');
    expect(changelog()).toBe(`# Changelog

## 1.2.0 (2026-03-04)

- **check**: reads JSON\\_with\\_comments
- **exec --metadata**: tokens are renewed
- **verify**: a plan of \\<flows> with \`<name>\` in it
- A second TERM kills the command

### Manual

- **Manual**: the other causes

### For contributors

- **Tests**: a port of its own

## 1.1.0 (2026-03-04)

The first release.
`);
    // The tag holds it, and the notes of the release are its part of it.
    expect(call('git', 'show', 'v1.2.0:CHANGELOG.md')).toBe(changelog());
    const notes = call('node', join(root, '.config/changelog.js'), '--print');
    expect(notes).toMatch(/^- \*\*check\*\*: [\s\S]*own\n$/);
    expect(notes).not.toContain('first release');
  });

  it('makes no release of nothing', () => {
    const { folder, call, commit } = openRepository();
    call('npm', 'version', '1.1.0');
    const twice = spawnSync('node', [join(root, '.config/changelog.js')], { cwd: folder });
    expect([twice.status, String(twice.stderr)]).toEqual([
      1,
      'changelog: CHANGELOG.md has version 1.1.0 already.\n',
    ]);
    expect(() => call('npm', 'version', '1.2.0')).toThrow('Nothing was committed since v1.1.0');
    call('git', 'checkout', '-q', '.');
    commit('exec: more');
    call('npm', 'version', '1.2.0');
  });
});

describe('the Scoop manifest', () => {
  const text = { type: 'string', minLength: 1 };
  const address = { type: 'string', pattern: '^https://[^\\s#]+(#/[\\w.]+)?$' };
  const platforms = (hash: object) => ({
    type: 'object',
    required: ['64bit'],
    additionalProperties: {
      type: 'object',
      required: ['url', 'hash'],
      additionalProperties: false,
      properties: { url: address, hash },
    },
  });
  /** What Scoop's own schema says of the fields that we use. */
  const schema = {
    type: 'object',
    required: ['version', 'description', 'homepage', 'license', 'architecture', 'bin'],
    additionalProperties: false,
    properties: {
      version: { type: 'string', pattern: '^[\\w.+-]+$' },
      description: text,
      homepage: address,
      license: text,
      architecture: platforms({ type: 'string', pattern: '^[0-9a-f]{64}$' }),
      bin: text,
      checkver: { const: 'github' },
      autoupdate: {
        type: 'object',
        additionalProperties: false,
        properties: { architecture: platforms({ type: 'object', properties: { url: text } }) },
      },
    },
  };

  it('has the form that Scoop reads, and finds the next version', () => {
    const given = { repository: 'example/gsac', version: '1.2.3', description: 'Text' };
    const sha256 = '0123456789abcdef'.repeat(4);
    const manifest = JSON.parse(renderScoopManifest({ ...given, sha256 }));
    const ajv = new Ajv({ allErrors: true });
    ajv.validate(schema, manifest);
    expect(ajv.errors).toBeNull();
    const { architecture, autoupdate, bin } = manifest;
    const [now, next] = [architecture, autoupdate.architecture].map((each) => each['64bit'].url);
    expect(now).toBe(next.replace('$version', '1.2.3'));
    expect(now.endsWith(`#/${bin}`)).toBe(true);
    expect(architecture['64bit'].hash).toBe(sha256);
  });
});

describe('GitHub', () => {
  it.each([
    '.github/workflows/ci.yml',
    '.github/workflows/release.yml',
    '.github/actions/setup/action.yml',
  ])('reads %s without a complaint', async (path) => {
    const document = TextDocument.create(`file:///${path}`, 'yaml', 0, read(path));
    const found = await validate(document);
    expect(found.map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });
});

/** The steps of an Action or of the jobs of a workflow. */
interface Step {
  uses?: string;
  run?: string;
}

const stepsIn = (value: unknown): Step[] => {
  if (typeof value !== 'object' || value === null) return [];
  const steps = 'steps' in value && Array.isArray(value.steps) ? (value.steps as Step[]) : [];
  return [...steps, ...Object.values(value).flatMap(stepsIn)];
};

describe.each(['.github/workflows/release.yml', '.github/actions/setup/action.yml'])(
  '%s',
  (path) => {
    const steps = stepsIn(parse(read(path)));

    it('pins what it uses, and puts no value into a script', () => {
      expect(steps.length).toBeGreaterThan(3);
      for (const { uses = '', run = '' } of steps) {
        if (uses !== '') expect(uses).toMatch(/@[0-9a-f]{40}$/);
        expect(run).not.toContain('${{');
      }
    });

    it('calls scripts that are there', () => {
      const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
      const all = steps.map(({ run = '' }) => run).join('\n');
      for (const [, name = ''] of all.matchAll(/npm run ([\w:]+)/g))
        expect(scripts).toHaveProperty(name);
      const called = all.matchAll(
        /(?<=\s|^)((?:\.config|\.ci|test)\/[\w./-]+)|ACTION_PATH\/([\w.]+)/gm,
      );
      for (const [, own, beside] of called) {
        const file = join(root, own ?? join('.github/actions/setup', beside ?? ''));
        expect(statSync(file).isFile(), file).toBe(true);
        if (beside !== undefined) expect(statSync(file).mode & 0o111, file).not.toBe(0);
      }
    });
  },
);

type Variables = Record<string, string>;

describe('the scripts of the GitHub Action', () => {
  /** A job; a step of it gets what earlier ones have put into the environment. */
  async function openJob(install = installGsac) {
    const box = await createSandbox(install);
    const [env, output] = [join(box.folder, 'env'), join(box.folder, 'output')];
    for (const path of [env, output]) writeFileSync(path, '');
    Object.assign(box.env, { RUNNER_TEMP: box.tmp, GITHUB_ENV: env, GITHUB_OUTPUT: output });
    const variables = (path: string): Variables =>
      Object.fromEntries(
        [...readFileSync(path, 'utf8').matchAll(/^(\w[\w-]*)=(.*)\n/gm)].map(
          ([, name = '', value = '']) => [name, value],
        ),
      );
    const step = (script: string, inputs: Variables) =>
      box.spawn(join(root, '.github/actions/setup', script), [], {
        env: { ...variables(env), ...inputs },
      });
    onTestFinished(() => {
      const started = join(box.tmp, 'gsac/started.json');
      if (!existsSync(started)) return;
      const [, pid] = /"pid":(\d+)/.exec(readFileSync(started, 'utf8')) ?? [];
      if (pid !== undefined) process.kill(Number(pid));
    });
    return { box, step, env: () => variables(env), outputs: () => variables(output) };
  }

  it('start the emulator, which the next steps find', async () => {
    const { box, step, env, outputs } = await openJob();
    const ran = await step('start.sh', {
      GSAC_EMULATOR_OPTIONS: '--seed nightly --client-type web',
    });
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(outputs()).toEqual({
      origin: env()['GSAC_EMULATOR'],
      'client-file': env()['GSAC_CLIENT'],
    });
    const next = await box.shell('gsac emulator sign-in | gsac exchange -', { env: env() });
    expect(next).toMatchObject({ exitCode: 0, stderr: '' });

    mkdirSync(join(box.folder, 'out/more reports'), { recursive: true });
    for (const name of ['flow.html', 'out/more reports/b c.html', 'out/x.xml']) {
      writeFileSync(join(box.folder, name), name);
    }
    const reports = { GSAC_REPORTS: 'flow.html\nout/**/*.html\nmissing-*.html\nmissing.html\n' };
    expect(await step('report.sh', reports)).toMatchObject({ exitCode: 0, stderr: '' });
    const folder = outputs()['folder'] ?? '';
    expect(readdirSync(folder).sort()).toEqual(['b c.html', 'flow.html', 'requests.json']);
    expect(readFileSync(join(folder, 'requests.json'), 'utf8')).toContain('/token');
  });

  it('say why the emulator does not start, and lead nobody to it', async () => {
    const { step, env } = await openJob();
    const ran = await step('start.sh', { GSAC_EMULATOR_OPTIONS: '--no-such-option' });
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain('--no-such-option');
    expect(env()).toEqual({});
  });

  it('install gsac for the rest of the job', async () => {
    const { tarball } = await installGsac();
    const { box, step } = await openJob(async () => ({
      tarball: '',
      prefix: '',
      bin: '/none/gsac',
    }));
    const prefix = join(box.folder, 'prefix');
    const path = { PATH: `${prefix}/bin:${box.env['PATH']}`, npm_config_prefix: prefix };
    Object.assign(box.env, npmSettings());
    const ran = await step('install.sh', { ...path, GSAC_PACKAGE: tarball });
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/^\d+\.\d+\.\d+$/m);
  });
});

describe('the Dockerfile', () => {
  const lines = read('.config/packages/Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const argumentsOf = (start: string): string[] => {
    const line = lines.find((one) => one.startsWith(start)) ?? '';
    return JSON.parse(/\[.*\]$/.exec(line)?.[0] ?? '[]');
  };

  it('copies what the npm package holds, and does not run as root', () => {
    const { files } = JSON.parse(read('package.json')) as { files: string[] };
    const copied = lines.flatMap((line) => /^COPY (.+) \S+$/.exec(line)?.[1]?.split(' ') ?? []);
    for (const path of copied) expect([...files, 'package.json']).toContain(path.split('/')[0]);
    expect(copied).toEqual(
      expect.arrayContaining(['package.json', 'LICENSE', 'bin/gsac.js', 'dist']),
    );
    expect(lines.findLast((line) => line.startsWith('USER'))).toBe('USER node');
  });

  it('starts an emulator that it finds healthy, and unhealthy once it is gone', async () => {
    const box = await createSandbox();
    for (const name of ['GSAC_HOME', 'GSAC_STORE', 'GSAC_FILE_KEY']) delete box.env[name];
    // Another folder, and a port that is free.
    const here = (word: string) => word.replace('/data', box.folder).replace('8085', '0');
    const [, ...start] = argumentsOf('ENTRYPOINT').map(here);
    const [command, ...health] = argumentsOf('HEALTHCHECK').map(here);
    expect(command).toBe('gsac');
    let child: ChildProcess | undefined;
    let said = '';
    const ended = box.run(start, {
      onStart(started) {
        child = started;
        started.stdout?.on('data', (part) => {
          said += part;
        });
      },
    });
    await until('it says where it is', () => said.includes('\n'));
    expect((await box.run(health)).exitCode).toBe(0);
    child?.kill();
    expect((await ended).exitCode).toBe(0);
    expect((await box.run(health)).exitCode).not.toBe(0);
  });
});
