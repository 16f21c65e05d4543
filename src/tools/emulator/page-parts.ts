import type { Diagnose } from '../../core/context.js';
import { type Case, endpointStages } from '../../core/diagnosis.js';
import { renderEnvironment } from '../../core/environment-text.js';
import type { PageParts } from '../../emulator/page/endpoint.js';
import type { RefusedRequest } from '../../emulator/page/rows.js';
import { environmentOf } from './env-command.js';

const notations = ['sh', 'fish', 'powershell', 'cmd', 'dotenv'] as const;

/**
 * What the emulator's page shows of gsac's: what `gsac explain` says of a refusal, and what
 * `gsac emulator env` prints.
 *
 * @param interceptLine what leads programs here that know only Google's own addresses.
 */
export function createPageParts(
  diagnose: Pick<Diagnose, 'case'>,
  clientFile: string | undefined,
  interceptLine?: string,
): PageParts {
  return {
    explain: (refused) => diagnose.case(toCase(refused)),
    environment: (origin) => [
      ...notations.map((name) => ({
        name,
        text: renderEnvironment(environmentOf(origin, clientFile), name),
      })),
      ...(interceptLine === undefined
        ? []
        : [{ name: 'for programs with Google’s own addresses', text: `${interceptLine}\n` }]),
    ],
  };
}

function toCase(refused: RefusedRequest): Case {
  const { family, status, auth, grantType, form, query, body } = refused;
  const isToken = family === 'token';
  const ofGrant = grantType === 'refresh_token' ? 'refresh' : 'exchange';
  const isBare = status === 401 && auth === 'none' && ['drive', 'userinfo'].includes(family);
  const redirectUri = isToken ? form['redirect_uri'] : query['redirect_uri'];
  return {
    stage: isToken ? ofGrant : endpointStages[family],
    observed: body,
    httpStatus: status,
    redirectUri: isToken && grantType === 'authorization_code' ? (redirectUri ?? '') : redirectUri,
    code: form['code'],
    clientId: form['client_id'],
    requestedScopes: query['scope']?.split(' '),
    findings: isBare
      ? [
          {
            cause: 'access-token-not-sent',
            verdict: 'proves',
            words: 'the request carries no Authorization header',
          },
        ]
      : [],
  };
}
