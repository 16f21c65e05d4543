import type { EmulatorClock } from '../admin-endpoint.js';
import type { FaultBoard } from '../faults/board.js';
import { listClient, listFault, listUser } from '../listings.js';
import type { EmulatorState } from '../state/state.js';

/** A page shows no more than this of each kind. */
const most = 200;
const mostCodes = 50;

/** What the page shows beside the requests, as it is now. Each list is bounded. */
export function describeState(
  state: EmulatorState,
  faults: FaultBoard,
  time: EmulatorClock,
): Readonly<Record<string, unknown>> {
  const { tables, drive } = state;
  const now = time.now();
  const projects = new Map(
    [...state.clients.values()].map(({ project }) => [project.number, project.id]),
  );
  const nameOf = (number: string) => projects.get(number) ?? number;
  return {
    ahead_seconds: time.aheadSeconds(),
    people: first(state.users.values(), most).map(listUser),
    people_count: state.users.size,
    clients: first(state.clients.values(), most).map(listClient),
    grants: first(tables.consents.values(), most).map(({ user, projectNumber, scopes }) => {
      const clients = state.clientsOf(projectNumber);
      const tokens = clients.map(
        ({ clientId }) => tables.grantsByOwner.get(`${user.sub}/${clientId}`)?.size ?? 0,
      );
      return {
        user: user.email,
        project_id: nameOf(projectNumber),
        client_id: clients[0]?.clientId ?? null,
        scopes: [...scopes],
        refresh_tokens: tokens.reduce((sum, count) => sum + count, 0),
      };
    }),
    codes: state.codes
      .slice(-mostCodes)
      .filter(({ expiresAt }) => expiresAt > now)
      .map(({ code, expiresAt }) => ({
        // Tells one from the others, and is no use for anything else.
        ends: code.slice(-8),
        expires_at: new Date(expiresAt).toISOString(),
      })),
    faults: faults.active.slice(-most).map(listFault),
    folders: first(drive.folders(), most).map(({ projectNumber, folder }) => ({
      user: folder.user.email,
      project_number: projectNumber,
      project_id: nameOf(projectNumber),
      // Whoever counts must not make the crowd.
      count: folder.files.size + folder.crowd,
      revision: folder.revision,
    })),
  };
}

function first<T>(items: Iterable<T>, count: number): T[] {
  const found: T[] = [];
  for (const item of items) {
    if (found.length >= count) break;
    found.push(item);
  }
  return found;
}
