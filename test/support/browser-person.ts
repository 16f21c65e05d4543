import { expect } from 'vitest';

/** How a person answers the emulator's pages. */
export interface PersonOptions {
  user?: string;
  /** The scopes that are ticked; the appfolder's. */
  grant?: readonly string[];
  cancel?: boolean;
}

/** Asks for a page or posts a form, without following redirects. */
export type Browse = (url: string, form?: URLSearchParams) => Promise<Response>;

/** A browser without a window: a plain HTTP client. */
export const httpBrowse: Browse = (url, form) =>
  fetch(url, {
    redirect: 'manual',
    ...(form === undefined ? {} : { method: 'POST', body: form }),
  });

/** Fills in the sign-in page as a person does and returns where the browser is sent then. */
export async function consent(
  url: string,
  { user = 'tester@example.com', grant, cancel = false }: PersonOptions = {},
  browse = httpBrowse,
): Promise<string> {
  const chooser = await browse(url);
  expect(chooser.status).toBe(200);
  const form = hiddenFields(await chooser.text());
  form.set('_user', user);
  const page = await browse(url, form);
  expect(page.status).toBe(200);
  const answers = hiddenFields(await page.text());
  for (const scope of grant ?? ['https://www.googleapis.com/auth/drive.appdata']) {
    answers.append('_grant', scope);
  }
  answers.set('_consent', cancel ? 'cancel' : 'allow');
  const sent = await browse(url, answers);
  expect(sent.status).toBe(303);
  return sent.headers.get('location') ?? '';
}

/** The hidden fields of a page's first form. */
export function hiddenFields(page: string): URLSearchParams {
  const [html = ''] = page.split('</form>');
  const form = new URLSearchParams();
  for (const [, name = '', value = ''] of html.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)">/g,
  )) {
    form.append(unescapeHtml(name), unescapeHtml(value));
  }
  return form;
}

function unescapeHtml(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => signs[entity] ?? entity);
}
