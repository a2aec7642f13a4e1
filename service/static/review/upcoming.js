// The paper after this one, fetched while the person is still at this one: it is on the desk at once.

import { Refused } from "../common.js";

const MOST_SKIPPED = 50;

export class Upcoming {
  /**
   * @param {import("./lease.js").Leases} leases
   * @param {import("./pictures.js").Pictures} pictures
   */
  constructor(leases, pictures) {
    this.leases = leases;
    this.pictures = pictures;
    this.prepared = null;
    // Papers that were on the desk: who passes one over does not want it back at once.
    this.seen = new Set();
  }

  /** Begin to fetch the paper after `current`, once. */
  prepare(current) {
    this.prepared ??= this.fetch(current).catch((error) => {
      this.prepared = null;
      if (!(error instanceof Refused)) throw error;
      return null;
    });
  }

  /** Return the paper after `current`, held for this tab: its view, or null where nothing is left to do. */
  async take(current) {
    const prepared = await this.prepared;
    this.prepared = null;
    if (prepared && prepared.record_id !== current) return prepared;
    return this.fetch(current);
  }

  async fetch(current) {
    this.seen.delete(current);
    this.seen.add(current);
    const view = await this.leases.takeNext([...this.seen].slice(-MOST_SKIPPED));
    if (view?.pages.length) this.pictures.get(view.pages[0].picture).catch(() => {});
    return view;
  }
}
