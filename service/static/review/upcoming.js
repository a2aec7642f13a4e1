// The paper after this one, fetched while the person is still at this one: it is on the desk at once.

import { Refused } from "../common.js";
import * as api from "./api.js";

const MOST_TRIES = 4;

export class Upcoming {
  /**
   * @param {import("./lease.js").Leases} leases
   * @param {import("./pictures.js").Pictures} pictures
   */
  constructor(leases, pictures) {
    this.leases = leases;
    this.pictures = pictures;
    this.prepared = null;
    // Papers that could not be had: others hold them.
    this.passed = new Set();
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
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const record = await api.upcoming([current, ...this.passed]);
      if (record === null) return null;
      try {
        await this.leases.take(record);
        const view = await api.view(record);
        if (view.pages.length) this.pictures.get(view.pages[0].picture).catch(() => {});
        return view;
      } catch (error) {
        if (!(error instanceof Refused) || error.status === 0) throw error;
        this.leases.release(record);
        this.passed.add(record);
      }
    }
    return null;
  }
}
