// What the measured programs work on: homes, servers, accounts. All of it below one temporary folder
// and in child processes, gone at the end.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { runNode } from './measure.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'bin', 'gsac.js');

/** The path of one of the programs beside this file. */
export function programPath(name) {
  return fileURLToPath(new URL(`programs/${name}`, import.meta.url));
}

/** A temporary folder, the servers that run for it, and gsac in it. */
export class World {
  #folder = mkdtempSync(join(tmpdir(), 'gsac-bench-'));
  #servers = [];
  #homes = 0;

  /** Nothing of the caller's environment decides what is measured, but for where programs lie. */
  baseEnv = { PATH: process.env.PATH, HOME: this.#folder };
  fileKey = randomBytes(32).toString('base64');

  path(name) {
    return join(this.#folder, name);
  }

  /** The environment of a new, empty home; with the file store unless told. */
  home(extra = { GSAC_STORE: 'file', GSAC_FILE_KEY: this.fileKey }) {
    this.#homes += 1;
    const GSAC_HOME = this.path(`home-${this.#homes}`);
    mkdirSync(GSAC_HOME, { mode: 0o700 });
    return { ...this.baseEnv, GSAC_HOME, ...extra };
  }

  /** A run of gsac, to be measured or to be done. */
  gsac(env, ...args) {
    return { args: [bin, ...args], env };
  }

  /** Runs gsac and returns what it printed. */
  call(env, ...args) {
    return runNode(this.gsac(env, ...args)).stdout.toString();
  }

  /** An emulator in a process of its own, with so many files in its first user's folder. */
  async emulator(files) {
    const clientFile = this.path(`client-${files}.json`);
    const run = this.gsac(this.baseEnv, 'emulator', 'start', '--quiet');
    run.args.push('--files', String(files), '--client-out', clientFile);
    const origin = await this.#serve(run);
    return new Emulator(origin, clientFile);
  }

  /** A token endpoint that answers after so many milliseconds; its address. */
  async slowEndpoint(milliseconds) {
    const args = [programPath('slow-endpoint.cjs'), String(milliseconds)];
    return `http://127.0.0.1:${await this.#serve({ args, env: this.baseEnv })}/token`;
  }

  /** Starts a server and waits for its first line. */
  async #serve({ args, env }) {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#servers.push(child);
    const lines = createInterface({ input: child.stdout });
    return new Promise((resolve, reject) => {
      lines.once('line', resolve);
      child.once('exit', (code) => reject(new Error(`${args.join(' ')}: exit ${code}`)));
    });
  }

  async close() {
    for (const child of this.#servers) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.kill('SIGKILL')) await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Emulator {
  constructor(origin, clientFile) {
    this.origin = origin;
    this.clientFile = clientFile;
    this.client = JSON.parse(readFileSync(clientFile, 'utf8')).web;
  }

  /** A fresh code, as the phone gives it. */
  async signIn(user) {
    const wish = JSON.stringify({ user, forceConsent: true });
    return (await ask('POST', `${this.origin}/_emulator/sign-in`, wish)).code;
  }

  /** How many requests a run of a program makes. */
  async countRequests(run) {
    const log = `${this.origin}/_emulator/requests`;
    await ask('DELETE', log);
    runNode(run);
    return (await ask('GET', log)).count;
  }
}

/**
 * Asks the emulator, each time over a new connection: one that is kept would be closed by the server
 * unnoticed, while a measured process has this one wait.
 */
function ask(method, url, body = '') {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, agent: false }, async (answer) => {
      let text = '';
      for await (const chunk of answer.setEncoding('utf8')) text += chunk;
      if (answer.statusCode === 200) resolve(JSON.parse(text));
      else reject(new Error(`${method} ${url}: ${answer.statusCode} ${text}`));
    });
    asking.once('error', reject).end(body);
  });
}
