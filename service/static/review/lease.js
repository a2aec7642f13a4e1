// Holding tasks: taken when a paper is opened, kept by heartbeats, given back when the page is closed.

import { Refused } from "../common.js";
import * as api from "./api.js";

const TOKEN_KEY = "sohoa.lease";
const BEAT_MS = 30_000;
/** Who has done nothing for so long has left the desk: others may have the paper, and the draft is kept. */
export const LEFT_MS = 15 * 60_000;

/** The token of this tab. A tab that was duplicated gets a token of its own: two tabs never hold a paper as one. */
export async function tokenOfTab() {
  const held = sessionStorage.getItem(TOKEN_KEY);
  const token = held && !(await isInUse(held)) ? held : crypto.getRandomValues(new Uint8Array(18)).reduce(asText, "");
  sessionStorage.setItem(TOKEN_KEY, token);
  const channel = new BroadcastChannel(TOKEN_KEY);
  channel.addEventListener("message", ({ data }) => {
    if (data.asks === token) channel.postMessage({ has: token });
  });
  return token;
}

const asText = (text, byte) => text + byte.toString(16).padStart(2, "0");

function isInUse(token) {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(TOKEN_KEY);
    const end = (answer) => {
      channel.close();
      resolve(answer);
    };
    channel.addEventListener("message", ({ data }) => data.has === token && end(true));
    channel.postMessage({ asks: token });
    setTimeout(() => end(false), 40);
  });
}

export class Leases {
  /**
   * @param {string} token of this tab
   * @param {{onLost: (record: string, problem: object) => void, onKept: (record: string) => void}} hooks
   */
  constructor(token, hooks) {
    this.token = token;
    this.hooks = hooks;
    this.held = new Set();
    this.active = performance.now();
    this.timer = setInterval(() => this.beat(), BEAT_MS);
    // A laptop that wakes up may have lost its papers: ask at once, not half a minute later.
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.beat());
    window.addEventListener("online", () => this.beat());
    window.addEventListener("pagehide", () => this.releaseAll());
    window.addEventListener("pageshow", (event) => event.persisted && this.beat());
  }

  /** Note that somebody is at the desk. */
  touch() {
    const was = this.active;
    this.active = performance.now();
    if (this.active - was > LEFT_MS) this.beat();
  }

  /**
   * Take a task.
   * @throws {Refused} status 409 where somebody else holds it
   */
  async take(record) {
    const lease = await api.lease(record, this.token);
    this.held.add(record);
    return lease;
  }

  /** Take the next task that is free, none of `skip`; return its view, or null where there is none. */
  async takeNext(skip) {
    const view = await api.takeNext(this.token, skip);
    if (view) this.held.add(view.record_id);
    return view;
  }

  async beat() {
    if (performance.now() - this.active > LEFT_MS) return;
    await Promise.all([...this.held].map((record) => this.keep(record)));
  }

  async keep(record) {
    try {
      await api.lease(record, this.token);
      if (this.held.has(record)) this.hooks.onKept(record);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Without an answer nothing is known; the next heartbeat asks again.
      if (error.status === 0 || error.status >= 500 || !this.held.has(record)) return;
      this.held.delete(record);
      this.hooks.onLost(record, error.problem);
    }
  }

  /** The service gave it back itself. */
  forget(record) {
    this.held.delete(record);
  }

  release(record) {
    if (this.held.delete(record)) api.release(record, this.token);
  }

  releaseAll() {
    // The set stays: the page may come back from the browser's memory and go on.
    for (const record of this.held) api.release(record, this.token);
  }
}
