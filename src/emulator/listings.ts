import type { FaultListing } from './faults/board.js';
import { renamed, toSnakeCase } from './names.js';
import type { EmulatorClient, EmulatorUser } from './state/model.js';

/** A user as the emulator's own pages list one. */
export function listUser({ email, sub, name, hd, emailVerified }: EmulatorUser) {
  return { email, sub, name, hd, email_verified: emailVerified };
}

/** A client as the emulator's own pages list one. */
export function listClient({ clientId, kind, project, status }: EmulatorClient) {
  return { client_id: clientId, kind, project_id: project.id, status };
}

/** A fault that was ordered, under the names that it is written with. */
export function listFault(listing: FaultListing) {
  return { ...listing, fault: renamed(listing.fault, toSnakeCase) };
}
