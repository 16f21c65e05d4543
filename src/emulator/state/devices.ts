import type { Authorization, EmulatorClient } from './model.js';
import type { RandomSource } from './random.js';

/** How long a device may wait for a person, and how often it may ask; as Google's answers say it. */
export const DEVICE_CODE_SECONDS = 1800;
export const DEVICE_INTERVAL_SECONDS = 5;
const MOST = 10_000;
/** What nobody mistakes for another letter, and what forms no word. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/** A device that waits for a person. */
export interface WaitingDevice {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly client: EmulatorClient;
  /** Expanded. */
  readonly scopes: readonly string[];
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  lastAskedAt?: number;
  /** What the person decided: for whom and for which scopes, or not at all. */
  decision?:
    | { readonly authorization: Authorization; readonly scopes: readonly string[] }
    | 'denied';
}

/** The devices that wait for a person, oldest first; 10,000 at most. */
export class WaitingDevices {
  readonly #devices = new Map<string, WaitingDevice>();
  readonly #random: RandomSource;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** Makes the codes of a device; `now` in epoch milliseconds. */
  add(client: EmulatorClient, scopes: readonly string[], now: number): WaitingDevice {
    const letters = [...this.#random.bytes(8)].map((byte) => LETTERS[byte % LETTERS.length]);
    const device: WaitingDevice = {
      deviceCode: `AH-1Ng${this.#random.text(76)}`,
      userCode: `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`,
      client,
      scopes,
      expiresAt: now + DEVICE_CODE_SECONDS * 1000,
    };
    this.#devices.set(device.deviceCode, device);
    const [oldest = ''] = this.#devices.keys();
    if (this.#devices.size > MOST) this.#devices.delete(oldest);
    return device;
  }

  /** The device of a code that it was given; expired ones are found, too. */
  find(deviceCode: string): WaitingDevice | undefined {
    return this.#devices.get(deviceCode);
  }

  /** The device whose code a person typed, in any case and with or without its hyphen. */
  findTyped(typed: string, now: number): WaitingDevice | undefined {
    const code = typed.toUpperCase().replace(/[^A-Z]/g, '');
    return [...this.#devices.values()].find(
      ({ userCode, expiresAt, decision }) =>
        userCode.replace('-', '') === code && now < expiresAt && decision === undefined,
    );
  }

  /** Forgets a device that has its tokens. */
  remove({ deviceCode }: WaitingDevice): void {
    this.#devices.delete(deviceCode);
  }
}
