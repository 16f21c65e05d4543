import type { System } from '../../cli/system.js';
import type { Notices } from '../../core/context.js';
import { counted, some, times } from '../../core/counting.js';
import { maskText } from '../../core/secret.js';
import type { Counted, Counter, Tally } from '../../intercept/journal.js';
import type { InterceptionEvent } from '../../intercept/policy.js';
import { clean, toJsonText } from '../../terminal/clean.js';

/** Something of Google's that was asked for and that the emulator does not have. */
export interface NotEmulated {
  method: string;
  host: string;
  path: string;
}

/** What a request that is not emulated asked for. Its query may hold secrets, and is left out. */
export function toNotEmulated(
  { method, url }: { method: string; url: string },
  host: string,
): NotEmulated {
  return { method, host, path: maskText(url.slice(0, 200).split('?')[0] ?? '') };
}

/** What `--report json=<file>` holds. */
interface RunReport extends Omit<Tally, 'request' | 'tunnelled'> {
  command: string;
  exit_code: number;
  requests: {
    /** Those to Google's addresses, and those that gsac itself sent straight to the emulator. */
    total: number;
    by_host: Tally['request'];
  };
  not_emulated: readonly Counted<NotEmulated>[];
  passed_through: Tally['tunnelled'];
}

/** Puts together what happened in a run. @param asked how many requests the emulator had. */
export function createReport(
  run: Pick<RunReport, 'command' | 'exit_code'>,
  asked: number,
  { request: hosts, tunnelled, ...failed }: Tally,
  missing: Counter<NotEmulated>,
): RunReport {
  const led = hosts.reduce((sum, { count }) => sum + count, 0);
  return {
    ...run,
    requests: { total: Math.max(led, asked), by_host: hosts },
    not_emulated: missing.list,
    passed_through: tunnelled,
    ...failed,
  };
}

/** Where a report is told. */
interface Teller {
  notices: Notices;
  json: boolean;
  system: Pick<System, 'io' | 'platform'>;
}

/** Tells a person what happened, shortly: with `--json`, as one event on stderr. */
export function tellReport(report: RunReport, { notices, json, system }: Teller): void {
  const { requests, not_emulated: missing, exit_code: exitCode } = report;
  const advice = requests.total === 0 ? escapeOf(report.command, system.platform) : undefined;
  const failed = exitCode === 0 && advice !== undefined;
  if (json) {
    const words = failed ? { message: nothingCame, hint: advice } : {};
    system.io.writeStderr(`${toJsonText({ event: 'summary', ...report, ...words })}\n`);
    return;
  }
  if (requests.total > 0) notices.say(describeRequests(report));
  if (missing.length > 0) {
    notices.warn(
      `The emulator does not have ${some(
        missing.map(({ method, host, path, count }) => times(`${method} ${host}${path}`, count)),
        mostListed,
      )}; it answered 501.`,
      'Nothing was sent to Google. To let a host through, name it with --pass-through.',
    );
  }
  if (report.passed_through.length > 0) {
    const hosts = sumByHost(report.passed_through);
    notices.say(
      `Passed through unread: ${some(
        hosts.map(({ host, count }) => times(host, count)),
        mostListed,
      )}.`,
    );
  }
  for (const kind of ['refused', 'untrusted', 'unreachable', 'forbidden'] as const) {
    for (const event of report[kind]) {
      const sentence = describeEvent({ kind, ...event } as Described) ?? '';
      notices.warn(sentence, kind === 'untrusted' ? untrustedHint : undefined);
    }
  }
  if (failed) notices.warn(nothingCame, advice);
}

const untrustedHint =
  'It may pin certificates or bring its own list of trusted ones: see `gsac help emulator-run`.';

type Described = InterceptionEvent & { count?: number };

/** Says in a sentence what went wrong; undefined for what is as it should be. */
export function describeEvent(event: Described): string | undefined {
  const { count = 1 } = event;
  switch (event.kind) {
    case 'refused':
      return `A connection to ${times(clean(event.host), count)} was refused. ${whyRefused[event.why]}`;
    case 'untrusted':
      return `A program did not accept gsac’s certificate for ${times(clean(event.host), count)}: ${clean(event.reason)}.`;
    case 'unreachable':
      return `${times(clean(event.host), count)} could not be reached (${clean(event.reason)}).`;
    case 'forbidden':
      return `Refused: ${times(clean(event.reason), count)}.`;
    case 'request':
    case 'tunnelled':
      return undefined;
  }
}

const whyRefused = {
  http2: 'It offers HTTP/2 only, as gRPC does, which the emulator does not speak.',
  'not-http': 'It does not speak HTTP.',
};

const mostListed = 10;
const nothingCame = 'No request to Google came, so nothing was tested.';

function describeRequests({ requests: { total, by_host: hosts } }: RunReport): string {
  const sum = hosts.reduce((all, { count }) => all + count, 0);
  const listed = [
    ...hosts.map(({ host, count }) => times(clean(host), count)),
    ...(total > sum ? [times('straight to the emulator', total - sum)] : []),
  ];
  return `${counted(total, 'request')} to Google: ${some(listed, mostListed)}.`;
}

function sumByHost(tunnels: RunReport['passed_through']): { host: string; count: number }[] {
  const sums = new Map<string, number>();
  for (const { host, count } of tunnels) sums.set(host, (sums.get(host) ?? 0) + count);
  return [...sums].map(([host, count]) => ({ host: clean(host), count }));
}

/** Programs that need more than an environment, by the names of their commands. */
const escapes: readonly { programs: RegExp; on?: RegExp; hint: string }[] = [
  {
    programs: /^(java|javac|gradlew?|mvnw?|kotlin|sbt)$/,
    on: /^(?!linux)/,
    hint: 'Only on Linux can gsac lead Java to the emulator by the environment.',
  },
  {
    programs: /^(java|gradlew?|mvnw?|kotlin|sbt)$/,
    hint: 'Google’s newTrustedTransport() for Java trusts only its own list: use `new NetHttpTransport()`.',
  },
  {
    programs: /^(go|rclone)$/,
    on: /^darwin/,
    hint: 'Go on macOS trusts only the keychain: run the test in a Linux container.',
  },
  {
    programs: /^(pwsh|powershell|dotnet|curl)(\.exe)?$/,
    on: /^win32/,
    hint: 'Programs that use Windows’ own TLS trust only the certificate store of Windows.',
  },
  { programs: /^(swift|xcodebuild)$/, hint: 'URLSession trusts only the keychain of macOS.' },
  {
    programs: /^(docker|podman|docker-compose|kubectl)$/,
    hint: 'A container does not inherit the environment: use `gsac emulator start --intercept` and `gsac emulator env --intercept --format docker`.',
  },
];

/** What may let a program past gsac. */
function escapeOf(command: string, platform: NodeJS.Platform): string {
  const name = command.replace(/^.*[/\\]/s, '');
  const known = escapes.find(
    ({ programs, on }) => programs.test(name) && (on?.test(platform) ?? true),
  );
  return (
    known?.hint ??
    'A program escapes if it clears its environment, pins certificates or brings its own list of trusted ones: see `gsac help emulator-run`.'
  );
}
