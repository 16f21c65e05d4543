/** What of Google's a request is for. */
export type Endpoint =
  | 'token'
  | 'revoke'
  | 'tokeninfo'
  | 'userinfo'
  | 'authorize'
  | 'device'
  | 'certs'
  | 'drive'
  | 'other';

/** Paths of every host and of every version that Google's libraries have named over the years. */
const paths: readonly (readonly [RegExp, Endpoint])[] = [
  [/^\/(?:o\/oauth2\/|oauth2\/v\d\/)?token$/, 'token'],
  [/^\/(?:o\/oauth2\/)?revoke$/, 'revoke'],
  [/^\/(?:oauth2\/v\d\/)?tokeninfo$/, 'tokeninfo'],
  [/^\/(?:oauth2\/v\d\/|v1\/)userinfo$/, 'userinfo'],
  [/^\/o\/oauth2\/(?:v\d\/)?auth\b/, 'authorize'],
  [/^\/oauth2\/v\d\/certs$/, 'certs'],
  [/^\/(?:o\/oauth2\/)?device\/code$/, 'device'],
  [/^\/(?:upload\/|batch\/|resumable\/upload\/)*drive\//, 'drive'],
];

/** Tells the endpoint by its path, without the query. */
export function endpointOf(path: string): Endpoint {
  return paths.find(([pattern]) => pattern.test(path))?.[1] ?? 'other';
}
