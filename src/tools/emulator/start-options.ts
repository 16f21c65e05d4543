import { type Command, Option } from 'commander';
import { collect, readCount } from '../../cli/flags.js';
import { GsacError } from '../../core/errors.js';
import { readReceiver } from '../../core/security-events.js';
import type { EmulatorStartOptions } from './host.js';

const clientTypes = ['web', 'desktop', 'device'] as const;

/** The options that decide what an emulator is, wherever it runs. */
export type EmulatorMakeup = Omit<EmulatorStartOptions, 'port' | 'host' | 'clientOut'>;

/** Declares them. */
export function addMakeupOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--client-type <type>',
        'the kind of client; desktop allows gsac login any loopback port, device gsac login --device',
      )
        .choices(clientTypes)
        .default('web'),
    )
    .option(
      '--config <file>',
      'users, clients, faults and settings, as YAML or JSON; flags override it',
    )
    .option(
      '--fault <fault>',
      'a fault from the start: name or name:parameter=value,…; repeatable',
      collect,
    )
    .option('--seed <text>', 'the same codes, tokens, IDs and keys in every run')
    .option('--clock <time>', 'a time at which the clock stands still, or an offset: +2h, -90m')
    .option('--state <file>', 'keep its state in this file; otherwise only in memory')
    .option(
      '--service-account-out <file>',
      'where to write the key of a service account, for GOOGLE_APPLICATION_CREDENTIALS',
    )
    .option('--risc-receiver <url>', 'where to post security events (Cross-Account Protection)')
    .option('--files <count>', 'that many more files in the first user’s folder');
}

/** Reads them. @throws {GsacError} `usage`. */
export function readMakeup(flags: Record<string, unknown>): EmulatorMakeup {
  const files = flags['files'];
  const text = (name: string) => {
    const value = flags[name];
    if (value === '') throw new GsacError('usage', `--${toFlag(name)} is empty.`);
    return typeof value === 'string' ? value : undefined;
  };
  const receiver = text('riscReceiver');
  return {
    clientType: clientTypes.find((type) => type === flags['clientType']) ?? 'web',
    files:
      files === undefined
        ? undefined
        : readCount(String(files), '--files', { least: 0, most: 1_000_000 }),
    config: text('config'),
    faults: Array.isArray(flags['fault']) ? flags['fault'].map(String) : [],
    seed: text('seed'),
    clock: text('clock'),
    state: text('state'),
    riscReceiver: receiver === undefined ? undefined : readReceiver(receiver, '--risc-receiver'),
    serviceAccountOut: text('serviceAccountOut'),
  };
}

function toFlag(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Declares which of Google's hosts are left alone. */
export function passThroughOption(): Option {
  return new Option(
    '--pass-through <host>',
    'leave a host of Google’s alone, repeatable: storage.googleapis.com or *.cloud.google.com',
  ).argParser(collect);
}

/** Reads it. @throws {GsacError} `usage`. */
export function readPassThrough(flags: Record<string, unknown>): readonly string[] {
  const passThrough = Array.isArray(flags['passThrough']) ? flags['passThrough'].map(String) : [];
  const wrong = passThrough.find((host) => !/^(\*\.)?[a-z0-9.-]+$/i.test(host));
  if (wrong !== undefined) {
    throw new GsacError('usage', `--pass-through ${JSON.stringify(wrong)} is not a host.`, {
      hint: 'Write its name, such as storage.googleapis.com, or *.googleapis.com for all below a name.',
    });
  }
  return passThrough;
}
