// Waiting until the machine has put a dossier together anew.

import { ask, Refused } from "../common.js";

const PAUSE_MS = 1500;
const MOST_MS = 10 * 60_000;

/** Return true once the dossier of `segment` is assembled at or after `revision`, false where it takes too long. */
export async function whenAssembled(segment, revision) {
  for (let waited = 0; waited < MOST_MS; waited += PAUSE_MS) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    try {
      const standing = await ask("GET", `/dossiers/${segment}/standing`);
      if (standing.revision >= revision && !standing.to_assemble) return true;
    } catch (error) {
      // A line that is cut comes back.
      if (!(error instanceof Refused) || (error.status !== 0 && error.status < 500)) throw error;
    }
  }
  return false;
}
