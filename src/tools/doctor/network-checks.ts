import { isLoopbackHost } from '../../core/endpoints.js';
import type { GsacError } from '../../core/errors.js';
import { type CheckFinding, type DoctorCheck, ok, problem, skipped, warning } from './check.js';
import { askedEndpoints, type ProbeAnswer, type Reached } from './reach.js';

/** How far a clock may be off before it is said, and before ID tokens are refused, in seconds. */
const clockBounds = { warning: 60, error: 300 } as const;

/** One check for each endpoint: name look-up, connection, TLS, and the answer. */
const endpointChecks = askedEndpoints.map(
  ({ id, name }): DoctorCheck => ({
    id: `endpoint-${id}`,
    looksAt: `Whether ${name} can be reached: name, connection, certificate, answer.`,
    async examine({ reached }) {
      const found = (await reached()).find(({ endpoint }) => endpoint.id === id);
      return found === undefined ? skipped('It was not asked.') : judgeReached(found);
    },
  }),
);

/** What can be wrong between this machine and Google. */
export const networkChecks: readonly DoctorCheck[] = [
  ...endpointChecks,
  {
    id: 'clock',
    looksAt: 'This clock beside the server’s: ID tokens are refused where they are minutes apart.',
    async examine({ machine, reached }) {
      const skews = (await reached()).flatMap(({ answer }) => toSkew(answer) ?? []);
      const [best] = skews.sort((one, other) => one.uncertainty - other.uncertainty);
      if (best === undefined) return skipped('No endpoint answered with its time.');
      const seconds = Math.round(best.seconds);
      const facts = { skew_seconds: seconds, uncertainty_seconds: best.uncertainty };
      const certain = Math.abs(best.seconds) - best.uncertainty;
      const where = seconds > 0 ? 'ahead of' : 'behind';
      if (certain <= clockBounds.warning) {
        return ok('This clock agrees with the server’s.', facts);
      }
      const detail = `This clock is ${inWords(Math.abs(seconds))} ${where} the server’s.`;
      const fix = clockFixes[machine.platform] ?? 'Set the clock, and have it kept by NTP.';
      return certain > clockBounds.error
        ? problem(detail, fix, facts)
        : warning(detail, fix, facts);
    },
  },
];

const clockFixes: Readonly<Record<string, string>> = {
  linux: 'Have it kept by NTP: `timedatectl set-ntp true`. In a container or VM, set the host’s.',
  darwin:
    'Have it kept by NTP: System Settings, General, Date & Time; or `sudo sntp -sS time.apple.com`.',
  win32: 'Have it kept by NTP: `w32tm /resync`.',
};

/** How far our clock is ahead of the server's. `Date` has whole seconds, and the way takes time. */
function toSkew(
  answer: ProbeAnswer | undefined,
): { seconds: number; uncertainty: number } | undefined {
  if (answer?.serverTime === undefined) return undefined;
  const { serverTime, startedAt, endedAt } = answer;
  const roundTrip = Math.max(0, endedAt - startedAt);
  return {
    seconds: ((startedAt + endedAt) / 2 - (serverTime + 500)) / 1000,
    uncertainty: 0.5 + roundTrip / 2000,
  };
}

function inWords(seconds: number): string {
  const units: readonly [string, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const [name, size] = units.find(([, each]) => seconds >= 2 * each) ?? ['second', 1];
  return `${Math.round(seconds / size)} ${name}s`;
}

function judgeReached({ endpoint, url, answer, error }: Reached): CheckFinding {
  const { host } = new URL(url);
  if (error !== undefined) return judgeFailure(error, url);
  if (answer === undefined) return skipped('It was not asked.');
  const { status } = answer;
  const milliseconds = Math.max(0, Math.round(answer.endedAt - answer.startedAt));
  const facts = {
    endpoint: { url, ...toStages(undefined, url), http_status: status, milliseconds },
  };
  const said = `${host} answers ${status}`;
  if (endpoint.isRight(answer)) {
    return ok(`${said} in ${milliseconds} ms, as it should.`, facts);
  }
  if (status === 407) {
    return problem(
      'The proxy wants a user name and password (407).',
      'Put them into HTTPS_PROXY, as in http://user:password@proxy:8080.',
      facts,
    );
  }
  if (status === 429) {
    return warning(
      `${said}: it limits the requests from this network’s address.`,
      'Wait some minutes; behind a shared proxy or VPN use another way out.',
      facts,
    );
  }
  if (status >= 500) {
    return problem(
      `${said}: it has trouble.`,
      'Try again in a minute; see https://www.google.com/appsstatus/dashboard/.',
      facts,
    );
  }
  return problem(
    `${said}, which is no answer of ${endpoint.name}: something else answers in its place.`,
    'Log in to the network (a captive portal), or check the proxy; --trace shows the answer.',
    facts,
  );
}

function judgeFailure(error: GsacError, url: string): CheckFinding {
  const code = error.details['system_code'];
  const suffix = typeof code === 'string' ? ` (${code})` : '';
  const fix =
    code === 'ECONNREFUSED'
      ? refusedFix(url)
      : (error.hint ?? 'Is this machine online? Behind a proxy, set HTTPS_PROXY.');
  return problem(`${error.message.replace(/\.$/, '')}${suffix}.`, fix, {
    endpoint: { url, ...toStages(error, url), http_status: null, milliseconds: null },
  });
}

function refusedFix(url: string): string {
  return isLoopbackHost(new URL(url).hostname)
    ? 'Start the emulator that the client file names: `gsac emulator start`.'
    : 'A firewall or the proxy refuses it: check HTTPS_PROXY, or ask who runs the network.';
}

type Stage = 'ok' | 'failed' | null;

/** How far it came; null where that is not known, or where there is no such stage. */
function toStages(
  error: GsacError | undefined,
  url: string,
): { name_lookup: Stage; connection: Stage; tls: Stage } {
  const secure = url.startsWith('https:');
  const stages = (name_lookup: Stage, connection: Stage, tls: Stage) => ({
    name_lookup,
    connection,
    tls: secure ? tls : null,
  });
  if (error === undefined) return stages('ok', 'ok', 'ok');
  const code = String(error.details['system_code'] ?? '');
  if (error.code === 'certificate_refused') return stages('ok', 'ok', 'failed');
  if (/^(ENOTFOUND|EAI_)/.test(code)) return stages('failed', null, null);
  if (error.code === 'network_unreachable' || code !== '') return stages('ok', 'failed', null);
  return stages(null, null, null);
}
