import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { npmSettings } from '../support/npm-settings.js';
import { createSandbox, installGsac, type Sandbox, until } from '../support/process.js';
import { runTour } from '../support/tour.js';

/** A folder as people name them, in a sandbox that has never seen gsac. */
async function openTrial(): Promise<{ box: Sandbox; trial: string }> {
  const { tarball } = await installGsac();
  const box = await createSandbox();
  const trial = join(box.folder, 'Müllers Versuch 1');
  mkdirSync(trial);
  Object.assign(box.env, npmSettings());
  return { box: { ...box, gsac: { ...box.gsac, tarball } }, trial };
}

describe('the npm package', () => {
  it('has types that every kind of resolution finds, TypeScript’s oldest too', async () => {
    const { tarball } = await installGsac();
    const packed = createPackageFromTarballData(new Uint8Array(readFileSync(tarball)));
    const result = await checkPackage(packed);
    const problems = result.types ? result.problems : ['It has no types.'];
    expect(problems).toEqual([]);
  });

  it('is tried with npx, without being installed', async () => {
    const { box, trial } = await openTrial();
    const child = spawn(
      'npx',
      ['--yes', `--package=${box.gsac.tarball}`, 'gsac', 'emulator', 'start', '--json'],
      { cwd: trial, env: box.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    );
    let [first, log] = ['', ''];
    child.stdout.on('data', (part) => {
      first += part;
    });
    child.stderr.on('data', (part) => {
      log += part;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    onTestFinished(async () => {
      process.kill(-(child.pid ?? 0));
      await ended;
    });
    await until(
      () => `the emulator says where it is: ${log}`,
      () => first.includes('\n'),
      80_000,
    );
    const { origin, client_file } = JSON.parse(first) as { origin: string; client_file: string };
    const answer = await fetch(`${origin}/.well-known/openid-configuration`);
    expect(await answer.json()).toMatchObject({ issuer: 'https://accounts.google.com' });
    expect(statSync(join(trial, client_file)).isFile()).toBe(true);
  });

  it('runs the README’s tour once it is installed globally', async () => {
    const { box, trial } = await openTrial();
    const prefix = join(box.folder, 'glo bal');
    const args = ['install', '--global', '--prefix', prefix, box.gsac.tarball];
    execFileSync('npm', args, { cwd: trial, env: box.env, stdio: 'pipe' });
    const bin = join(prefix, 'bin', 'gsac');
    const installed = await createSandbox(async () => ({ tarball: '', prefix, bin }));
    expect((await installed.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    await runTour(installed, trial);
    expect(statSync(join(prefix, 'share/man/man1/gsac.1')).isFile()).toBe(true);
  });
});
