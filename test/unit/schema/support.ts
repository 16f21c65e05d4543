import { GsacError } from '../../../src/core/errors.js';

/** The error by which a text is refused. */
export function refusalOf(read: () => unknown): GsacError {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof GsacError) return thrown;
    throw thrown;
  }
  throw new Error('it was taken');
}
