import type { Endpoints } from '../../core/endpoints.js';
import { GsacError } from '../../core/errors.js';
import { parseJsonObject } from '../../core/json.js';
import { type Http, serverTimeOf } from '../../google/http.js';

/** What came of a look at an address. */
export interface ProbeAnswer {
  status: number;
  /** Whether the body is a JSON object. */
  isJson: boolean;
  /** Epoch milliseconds of the answer's `Date`, moved on by its `Age`; undefined if it has none. */
  serverTime: number | undefined;
  /** Our clock when the request began and when its answer was there. */
  startedAt: number;
  endedAt: number;
}

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
 * Asks every endpoint at once: each once, without a secret, and within the request's timeout.
 *
 * @throws {GsacError} `cancelled` alone.
 */
export async function reachEndpoints(
  endpoints: Endpoints,
  http: Http,
  now: () => number,
): Promise<Reached[]> {
  return Promise.all(
    askedEndpoints.map(async (endpoint) => {
      const url = endpoint.url(endpoints);
      try {
        return { endpoint, url, answer: await probe(url, http, now), error: undefined };
      } catch (thrown) {
        if (!(thrown instanceof GsacError) || thrown.code === 'cancelled') throw thrown;
        return { endpoint, url, answer: undefined, error: thrown };
      }
    }),
  );
}

async function probe(url: string, http: Http, now: () => number): Promise<ProbeAnswer> {
  const startedAt = now();
  const answer = await http({ method: 'GET', url, headers: { accept: 'application/json' } });
  return {
    status: answer.status,
    isJson: parseJsonObject(answer.text) !== undefined,
    serverTime: serverTimeOf(answer.headers),
    startedAt,
    endedAt: now(),
  };
}
