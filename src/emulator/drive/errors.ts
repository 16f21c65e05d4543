import { apiError } from '../http/respond.js';

/** 403: the token lacks every scope that the method takes. */
export function insufficientScopes(method: string): Response {
  return apiError(
    {
      code: 403,
      message: 'Request had insufficient authentication scopes.',
      inner: 'Insufficient Permission',
      reason: 'insufficientPermissions',
      status: 'PERMISSION_DENIED',
      details: [
        errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT', {
          method,
          service: 'drive.googleapis.com',
        }),
      ],
    },
    {
      'www-authenticate':
        'Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="https://www.googleapis.com/auth/drive https://www.googleapis.com/auth/drive.appdata"',
    },
  );
}

/** 403: the token does not reach the spaces that were asked for. */
export function spacesNotGranted(): Response {
  return apiError({
    code: 403,
    message: 'The granted scopes do not give access to all of the requested spaces.',
    reason: 'insufficientScopes',
    location: 'spaces',
    locationType: 'parameter',
  });
}

/** 403: the Drive API is not enabled in the project. */
export function apiDisabled(projectNumber: string): Response {
  const activationUrl = `https://console.developers.google.com/apis/api/drive.googleapis.com/overview?project=${projectNumber}`;
  const message = `Google Drive API has not been used in project ${projectNumber} before or it is disabled. Enable it by visiting ${activationUrl} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
  return apiError({
    code: 403,
    message,
    reason: 'accessNotConfigured',
    domain: 'usageLimits',
    extendedHelp: 'https://console.developers.google.com',
    status: 'PERMISSION_DENIED',
    details: [
      errorInfo('SERVICE_DISABLED', {
        service: 'drive.googleapis.com',
        consumer: `projects/${projectNumber}`,
        activationUrl,
      }),
    ],
  });
}

/** 404: no such file, or none that the token may see. */
export function fileNotFound(id: string): Response {
  return apiError({
    code: 404,
    message: `File not found: ${id}.`,
    reason: 'notFound',
    location: 'fileId',
    locationType: 'parameter',
  });
}

/** 403: what Drive does not do with files of the application data folder. */
export function notForAppData(): Response {
  const message = 'Method not supported for files within the Application Data folder.';
  return forbidden('notSupportedForAppDataFolderFiles', message);
}

/** 403: such files have no trash. @see https://developers.google.com/workspace/drive/api/guides/appdata */
export function notTrashable(): Response {
  const message = 'Files within the Application Data folder cannot be trashed.';
  return forbidden('notSupportedForAppDataFolderFiles', message);
}

/** 403: what Drive does not do for this person or file. */
export function forbidden(reason: string, message: string, domain = 'global'): Response {
  return apiError({ code: 403, message, reason, domain });
}

/** 404: a resumable upload that is over, or never was. */
export function uploadNotFound(): Response {
  return apiError({ code: 404, message: 'Upload session not found.', reason: 'notFound' });
}

/** 403 with the reason of a quota, or 429. */
export function rateLimited(
  reason: 'userRateLimitExceeded' | 'rateLimitExceeded',
  code: 403 | 429,
  headers: Readonly<Record<string, string>>,
): Response {
  const message =
    reason === 'userRateLimitExceeded' ? 'User Rate Limit Exceeded' : 'Rate Limit Exceeded';
  return apiError({ code, message, reason, domain: 'usageLimits' }, headers);
}

/** 400: a parameter that cannot be understood. */
export function invalidParameter(location: string, message = 'Invalid Value'): Response {
  return apiError({
    code: 400,
    message,
    reason: message === 'Invalid Value' ? 'invalid' : 'invalidParameter',
    location,
    locationType: 'parameter',
  });
}

/** 400: a body that cannot be understood. */
export function badRequest(message: string, reason = 'badRequest'): Response {
  return apiError({ code: 400, message, reason });
}

function errorInfo(reason: string, metadata: Readonly<Record<string, string>>): unknown {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata,
  };
}
