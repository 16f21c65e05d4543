import { setTimeout as delay } from 'node:timers/promises';
import type { EmulatorSettings, RunningEmulator } from './core/services.js';
import { createEmulator } from './emulator/app.js';
import { serveEmulator } from './emulator/serve.js';

/** Starts the emulator on a port and writes out its client file. */
export async function startEmulator(settings: EmulatorSettings): Promise<RunningEmulator> {
  const emulator = createEmulator({
    ...(settings.files === undefined ? {} : { seedFiles: settings.files }),
    onRequest: settings.onRequest,
    // An answer that is still to come must not keep a process alive whose end was asked for.
    sleep: (milliseconds) => delay(milliseconds, undefined, { ref: false }),
  });
  const { origin, close } = await serveEmulator(emulator, settings);
  const file =
    settings.clientType === 'desktop' ? emulator.desktopClientFile() : emulator.clientFile();
  return { origin, clientFile: `${JSON.stringify(file, null, 2)}\n`, close };
}
