// What was entered, kept in this tab at once and at the service soon: a cut line, a closed tab or a crash loses nothing.

import { Refused } from "../common.js";
import * as api from "./api.js";

const PREFIX = "sohoa.draft.";
const RETRY_MS = 4000;

/** Who signs in after a session ended finds nothing of who was here before: names of accounts are part of the key. */
function keyOf(record) {
  return `${PREFIX}${document.querySelector("#review").dataset.account}.${record}`;
}

/** Return what this tab kept of a paper and the service may not have, or null. */
export function keptHere(record, storage = sessionStorage) {
  try {
    return JSON.parse(storage.getItem(keyOf(record)));
  } catch {
    return null;
  }
}

/** Return the draft to go on with: this tab's where the service does not have it yet, else the service's. */
export function draftToGoOnWith(view, here) {
  if (!here) return view.draft;
  if (here.unsent) return here;
  const base = view.draft ?? { revision: view.revision, fields: {} };
  return here.revision === base.revision ? { ...base, typed: here.typed } : base;
}

/** Remove everything this tab kept: whoever signs in next is somebody else. */
export function forgetAllHere(storage = sessionStorage) {
  for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
}

export class DraftKeeper {
  /**
   * @param {string} record
   * @param {string} token of the lease
   * @param {(state: "saved"|"sending"|"waiting"|"lost", error?: Refused) => void} onState
   */
  constructor(record, token, onState) {
    this.record = record;
    this.token = token;
    this.onState = onState;
    this.version = 0;
    this.sent = 0;
    this.sending = null;
    this.timer = null;
    this.closed = false;
    this.onLine = () => this.flush();
    window.addEventListener("online", this.onLine);
  }

  /** Keep a draft and the texts that are typed but not settled. */
  keep(draft, typed, { send = true } = {}) {
    this.draft = draft;
    this.typed = typed;
    if (send) this.version += 1;
    this.keepHere();
    if (send) this.flush();
  }

  keepHere() {
    const kept = { ...this.draft, typed: this.typed, unsent: this.version > this.sent };
    sessionStorage.setItem(keyOf(this.record), JSON.stringify(kept));
  }

  get isSaved() {
    return this.sent === this.version;
  }

  /** True while the line is cut: what was entered is in this tab alone. */
  get isWaiting() {
    return !this.closed && this.timer !== null && !this.isSaved;
  }

  /** Send what was not sent; one request at a time, the newest last. */
  async flush() {
    if (this.sending || this.closed || this.isSaved) return this.sending;
    clearTimeout(this.timer);
    this.timer = null;
    this.sending = this.send();
    await this.sending;
    this.sending = null;
    return undefined;
  }

  async send() {
    while (!this.closed && !this.isSaved) {
      const version = this.version;
      this.onState("sending");
      try {
        await api.saveDraft(this.record, { ...this.draft, token: this.token });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (this.closed) return;
        const again = error.status === 0 || error.status >= 500;
        this.onState(again ? "waiting" : "lost", error);
        if (again) this.timer = setTimeout(() => this.flush(), RETRY_MS);
        return;
      }
      this.sent = version;
      if (this.closed) return;
      this.keepHere();
      if (this.isSaved) this.onState("saved");
    }
  }

  /** The paper is settled: nothing is to be kept. */
  forget() {
    this.close();
    sessionStorage.removeItem(keyOf(this.record));
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.onLine);
  }
}
