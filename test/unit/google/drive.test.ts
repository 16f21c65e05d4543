import { expect, it } from 'vitest';
import { toEndpoints } from '../../../src/core/endpoints.js';
import { createOpenAppFolder } from '../../../src/google/drive.js';
import type { Http } from '../../../src/google/http.js';

it('gives each of several calls at once what is left for it alone', async () => {
  const left: Record<string, number | undefined> = {};
  const http: Http = async ({ url, leftMs }) => {
    left[url.at(-1) ?? ''] = leftMs;
    return { status: 204, headers: new Map(), text: '', cut: undefined };
  };
  const budgets = [1000, 2000, 3000];
  const open = createOpenAppFolder({
    http,
    retry: (attempt) => attempt(budgets.shift() ?? 0, () => undefined),
    now: () => 0,
  });
  const tokens = { current: () => 'ya29.a', renew: async () => 'ya29.b' };
  const folder = open(tokens, toEndpoints('https://oauth2.googleapis.com/token', []));
  await Promise.all(['a', 'b', 'c'].map((id) => folder.remove(id)));
  expect(left).toEqual({ a: 1000, b: 2000, c: 3000 });
});
