import { parseJsonObject } from '../core/json-object.js';
import type { AppFolderProbe } from './drive.js';
import { toDriveError } from './drive-error.js';
import type { Http } from './http.js';
import type { Retry } from './retry.js';

/**
 * Looks into an application data folder with one plain request, where one is all that is asked: to load
 * Google's Drive client takes longer than everything else that a flow does.
 *
 * @see https://developers.google.com/workspace/drive/api/reference/rest/v3/files/list
 */
export function createAppFolderProbe(http: Http, retry: Retry, now: () => number): AppFolderProbe {
  return {
    countFirst: (accessToken, endpoints) =>
      retry(async (leftMs) => {
        const query = 'spaces=appDataFolder&pageSize=1&fields=files(id)';
        const answer = await http({
          method: 'GET',
          url: `${endpoints.driveRoot}drive/v3/files?${query}`,
          headers: { authorization: `Bearer ${accessToken}` },
          leftMs,
        });
        const whole = answer.status === 200 && answer.cut === undefined;
        const files = whole ? parseJsonObject(answer.text)?.['files'] : undefined;
        if (Array.isArray(files)) return files.length;
        throw toDriveError(answer, now());
      }),
  };
}
