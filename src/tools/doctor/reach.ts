import type { Endpoints } from '../../core/endpoints.js';
import { GsacError } from '../../core/errors.js';
import type { Probe, ProbeAnswer } from './probe.js';

/** An endpoint as the doctor asks it: by GET and without a token, to which it has one right answer. */
export interface AskedEndpoint {
  id: string;
  name: string;
  url: (endpoints: Endpoints) => string;
  /** Whether only the real endpoint answers so. */
  isRight: (answer: ProbeAnswer) => boolean;
}

/** GET where only POST is served: Google says 404, another server may say 400 or 405. */
const refusesGet = ({ status }: ProbeAnswer) => [400, 404, 405].includes(status);

/** The endpoints that gsac uses. */
export const askedEndpoints: readonly AskedEndpoint[] = [
  { id: 'token', name: 'the token endpoint', url: ({ token }) => token, isRight: refusesGet },
  {
    id: 'keys',
    name: 'the keys of ID tokens',
    url: ({ jwks }) => jwks,
    isRight: ({ status, isJson }) => status === 200 && isJson,
  },
  {
    id: 'drive',
    name: 'the Drive API',
    url: ({ driveRoot }) => `${driveRoot}drive/v3/files?spaces=appDataFolder`,
    isRight: ({ status, isJson }) => (status === 401 || status === 403) && isJson,
  },
  {
    id: 'revoke',
    name: 'the revocation endpoint',
    url: ({ revoke }) => revoke,
    isRight: refusesGet,
  },
];

/** What came of asking one endpoint. */
export interface Reached {
  endpoint: AskedEndpoint;
  url: string;
  answer: ProbeAnswer | undefined;
  error: GsacError | undefined;
}

/**
 * Asks every endpoint at once, each once and within the request's timeout.
 *
 * @throws {GsacError} `cancelled` alone.
 */
export async function reachEndpoints(endpoints: Endpoints, probe: Probe): Promise<Reached[]> {
  return Promise.all(
    askedEndpoints.map(async (endpoint) => {
      const url = endpoint.url(endpoints);
      try {
        return { endpoint, url, answer: await probe(url), error: undefined };
      } catch (thrown) {
        if (!(thrown instanceof GsacError) || thrown.code === 'cancelled') throw thrown;
        return { endpoint, url, answer: undefined, error: thrown };
      }
    }),
  );
}
