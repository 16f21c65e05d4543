import { renderHarPages } from '../../../core/har.js';
import type { VerifyReport } from '../model.js';

/** The requests of a report as a HAR document, a page for each flow; see {@link renderHarPages}. */
export function renderHar({ flows, version }: VerifyReport): string {
  return renderHarPages(
    flows.map(({ name, ...flow }) => ({ ...flow, title: name })),
    version,
  );
}
