import type { Command } from 'commander';
import { resolveClient } from '../../cli/client.js';
import type { Provided } from '../../cli/runtime.js';
import { GsacError } from '../../core/errors.js';
import type { Check } from '../../core/id-token.js';
import { forgedEvents, readReceiver, securityEvents } from '../../core/security-events.js';
import { clean } from '../../terminal/clean.js';
import { renderChecks } from '../../terminal/layout.js';
import type { Style } from '../../terminal/style.js';
import type { CheckResult, FlowReport } from './model.js';
import type { VerifyPorts } from './ports.js';
import { findGiven } from './refused-options.js';

/** The JSON document of `gsac verify --risc-receiver`. */
export interface ReceiverResult {
  verdict: 'passed' | 'failed';
  receiver: string;
  /** What the receiver must expect: the audience, and where the keys are. */
  audience: string;
  jwks_uri: string;
  checks: Check[];
}

/** What a receiver is sent: an event, or a forgery of one, and what it must answer. */
interface Trial {
  name: string;
  event?: string;
  forgery?: string;
  /** What its last answer must be; `either` for what Google leaves open. */
  expects: 'accepted' | 'refused' | 'either';
}

const trials: readonly Trial[] = [
  ...securityEvents.map(
    (event): Trial => ({ name: `accepts.${event}`, event, expects: 'accepted' }),
  ),
  // Security event tokens do not expire, and Google sends one again that was not accepted.
  { name: 'accepts.late', forgery: 'late', expects: 'accepted' },
  { name: 'survives.replayed', forgery: 'replayed', expects: 'either' },
  ...forgedEvents.map(
    (forgery): Trial => ({ name: `refuses.${forgery}`, forgery, expects: 'refused' }),
  ),
];

/** Reads the call. @throws {GsacError} `usage` for options of flows, and for what is no address. */
export function readReceiverCall(command: Command): string {
  const other = findGiven(command, ['riscReceiver', 'report']);
  if (other !== undefined) {
    throw new GsacError('usage', `${other} does not go with --risc-receiver.`, {
      hint: 'gsac verify --risc-receiver checks a receiver of security events, and no flow.',
    });
  }
  return readReceiver(String(command.opts()['riscReceiver']), '--risc-receiver');
}

/**
 * Checks a receiver of security events: it must accept what is right and refuse each forgery. The
 * emulator of the client signs and posts them.
 *
 * @throws {GsacError} 2 without an emulator, 3 if the emulator or the receiver does not answer.
 * @see https://developers.google.com/identity/protocols/risc#create_an_event_receiver_endpoint
 */
export async function runReceiver(
  receiver: string,
  provided: Provided,
  ports: VerifyPorts,
): Promise<{ result: ReceiverResult; flow: FlowReport }> {
  const { client, endpoints } = await resolveClient(provided.context);
  const { origin, jwks } = endpoints;
  if (origin === null) {
    throw new GsacError('usage', 'Only an emulator can sign security events for this check.', {
      hint: 'Start `gsac emulator start`, and name its client file with --client. The receiver must use its keys and its client ID.',
    });
  }
  const emulator = await ports.emulator(provided, origin);
  const { timeoutMs } = provided.context.globals;
  const { now } = provided.context;
  const startedAt = now();
  const checks: Check[] = [];
  const reported: CheckResult[] = [];
  for (const { name, event = 'account-disabled', forgery, expects } of trials) {
    const order = { event, forgery, receiver, clientId: client.clientId, timeoutMs };
    const sentAt = now();
    const deliveries = await emulator.sendEvent(order);
    const statuses = deliveries.map(({ status }) => status);
    if (checks.length === 0 && !statuses.some((status) => status > 0)) {
      throw new GsacError('network_unreachable', `The receiver ${receiver} does not answer.`, {
        hint: 'Start it, correct the address, or give it more time with --timeout.',
      });
    }
    const ok = isExpected(statuses, expects);
    checks.push({ name, ok, detail: describe(statuses, expects) });
    reported.push({
      id: name,
      title: `a receiver ${name.replace('.', ' ')}`,
      outcome: ok ? 'pass' : 'fail',
      expected: wanted[expects],
      seen: toAnswers(statuses),
      startedMs: sentAt - startedAt,
      durationMs: now() - sentAt,
      requests: [],
    });
  }
  const passed = checks.every(({ ok }) => ok);
  return {
    result: {
      verdict: passed ? 'passed' : 'failed',
      receiver,
      audience: client.clientId,
      jwks_uri: jwks,
      checks,
    },
    flow: {
      name: receiver,
      kind: 'emulator',
      clientId: client.clientId,
      account: null,
      tokenUri: endpoints.token,
      startedAt,
      durationMs: now() - startedAt,
      outcome: passed ? 'pass' : 'fail',
      checks: reported,
      requests: [],
      idToken: null,
      grantedScopes: [],
    },
  };
}

const isAccepted = (status: number) => status >= 200 && status < 300;
const isRefused = (status: number) => status >= 400 && status < 500;

function isExpected(statuses: readonly number[], expects: Trial['expects']): boolean {
  if (expects === 'accepted') return statuses.every(isAccepted);
  if (expects === 'refused') return statuses.every(isRefused);
  return statuses.every((status) => isAccepted(status) || isRefused(status));
}

function describe(statuses: readonly number[], expects: Trial['expects']): string {
  const answers = toAnswers(statuses);
  return isExpected(statuses, expects) ? answers : `${answers}; it must answer ${wanted[expects]}`;
}

const wanted = { accepted: '202', refused: '400', either: '202 or 400' };

function toAnswers(statuses: readonly number[]): string {
  return statuses.map((status) => (status === 0 ? 'no answer' : `${status}`)).join(', ');
}

/** What people read. */
export function renderReceiver(
  { verdict, receiver, audience, jwks_uri: keys, checks }: ReceiverResult,
  paint: Style,
  isTty: boolean,
): string {
  const failed = checks.filter(({ ok }) => ok !== true).length;
  const end =
    verdict === 'passed'
      ? `${paint.good('passed')}: ${checks.length} checks`
      : `${paint.bad('failed')}: ${failed} of ${checks.length} checks`;
  // A receiver that asks Google's keys, or expects another client, refuses everything.
  const help = checks.some(({ name, ok }) => name.startsWith('accepts.') && ok !== true)
    ? `It must take its keys from ${keys}\nand expect the audience ${audience}.\n`
    : '';
  return `${clean(receiver)}\n${renderChecks(checks, paint, isTty)}${end}\n${help}`;
}
