import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBox } from '../support/process.js';
import { itWith } from '../support/requires.js';
import { openTerminal } from '../support/terminal.js';

/** Fifty flows: sign-ins of two people, a planted fault, and an account whose access was revoked. */
const fifty = [
  'version: 1',
  'name: nightly',
  'client: client_secret.json',
  'defaults: {expect: {email_verified: true}}',
  'flows:',
  '  - name: revoked',
  '    account: qa@example.org',
  '    expect: {failure: {check: refresh.grant, error: invalid_grant}}',
  '  - name: kept back',
  '    sign_in: {faults: [no-refresh-token]}',
  '    expect: {failure: {check: refresh_token.present}}',
  '  - {name: first user, sign_in: {}, repeat: 40}',
  '  - {name: web, sign_in: {source: web-popup}, replay: true, repeat: 8}',
].join('\n');

describe('the installed gsac verify --plan', () => {
  it('runs fifty flows at a running emulator, with JUnit and TAP files', async () => {
    const { box, emulator } = await openBox();
    const code = await emulator.code({ user: 'qa@example.org' });
    expect((await box.run(['exchange', code])).exitCode).toBe(0);
    // The person takes the access away on Google's page: nobody here is told.
    const kept = await box.run(['export', '--format', 'adc', '--show-secrets']);
    const { refresh_token: token } = kept.json<{ refresh_token: string }>();
    const body = new URLSearchParams({ token });
    expect((await fetch(`${emulator.origin}/revoke`, { method: 'POST', body })).status).toBe(200);

    writeFileSync(join(box.folder, 'plan.yaml'), fifty);
    const reports = ['--report', 'junit=flows.xml', '--report', 'tap=flows.tap'];
    const ran = await box.run(['verify', '--plan', 'plan.yaml', ...reports]);
    expect(ran).toMatchObject({
      exitCode: 0,
      stderr: 'gsac: JUnit report: flows.xml\ngsac: TAP report: flows.tap\n',
    });
    expect(ran.stdout).toMatch(/^50 of 50 flows passed \(\d+\.\d s\)\n$/);

    const junit = readFileSync(join(box.folder, 'flows.xml'), 'utf8');
    expect(junit.match(/<testsuite /g)).toHaveLength(50);
    expect(junit).toMatch(/<testsuites name="gsac verify nightly" tests="\d+" failures="0"/);
    const tap = readFileSync(join(box.folder, 'flows.tap'), 'utf8');
    expect(tap).toMatch(/^TAP version 13\n1\.\.50\n/);
    expect(tap.match(/^ok \d+ - /gm)).toHaveLength(50);
    expect(tap).not.toMatch(/^ *not ok/m);
    for (const text of [junit, tap]) {
      expect(text).not.toContain(token);
      expect(text).not.toMatch(/ya29\.[\w-]{10}|GOCSPX-[\w-]{6}|eyJ[\w-]{10}/);
    }
    // Nothing is left at the emulator that would hit somebody else.
    const faults = await fetch(`${emulator.origin}/_emulator/faults`);
    expect(await faults.json()).toMatchObject({ active: [] });

    const without = fifty.replace(/\n {4}expect: \{failure: \{check: refresh\.grant.*/, '');
    writeFileSync(join(box.folder, 'plan.yaml'), without);
    const failed = await box.run(['verify', '--plan', 'plan.yaml']);
    expect(failed).toMatchObject({ exitCode: 6, stderr: '' });
    expect(failed.stdout).toMatch(/^✗ revoked, qa@example\.org\n {2}✗ refresh\.grant /);
    expect(failed.stdout).toMatch(/\n49 of 50 flows passed \(\d+\.\d s\)\n$/);
  });

  it.each([
    { signal: 'SIGINT' as const, name: 'Ctrl-C' },
    { signal: 'SIGTERM' as const, name: 'a request to end' },
  ])('ends at $name in bounded time: 130, no report', async ({ signal }) => {
    const { box, emulator } = await openBox();
    // Each worker's first exchange is held up.
    await emulator.inject({ name: 'latency', ms: 20_000, path: '/token', times: 16 });
    const plan = 'version: 1\nflows: [{sign_in: {}, repeat: 50}]';
    writeFileSync(join(box.folder, 'plan.yaml'), plan);
    let child: ChildProcess | undefined;
    const running = box.run(['verify', '--plan', 'plan.yaml', '--report', 'junit=flows.xml'], {
      onStart(started) {
        child = started;
      },
    });
    await emulator.hit();
    const asked = performance.now();
    child?.kill(signal);
    const ran = await running;
    expect(performance.now() - asked).toBeLessThan(15_000);
    expect(ran).toMatchObject({ exitCode: 130, stdout: '' });
    expect(ran.stderr).toBe('gsac: Cancelled.\n');
    expect(existsSync(join(box.folder, 'flows.xml'))).toBe(false);
  });

  itWith('a terminal', 'shows a bar on a terminal and takes it away', async () => {
    const { box } = await openBox();
    const plan = 'version: 1\nflows: [{sign_in: {}, repeat: 60}]';
    writeFileSync(join(box.folder, 'plan.yaml'), plan);
    const terminal = openTerminal(box, 'gsac verify --plan plan.yaml');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen).toMatch(/[█░]+ \d+\/60 flows, 0 failed/);
    // Behind the last time that the line was wiped stands nothing but the result.
    const result = terminal.screen.split('\r\u001B[K').at(-1);
    expect(result).toContain('60 of 60 flows passed');
    expect(result).not.toContain('60/60');
  });
});
