// The routes of the steward's desk, as functions.

import { ask, csrfToken } from "../common.js";

const of = (record, what) => `/tasks/${encodeURIComponent(record)}/${what}`;

export const view = (record) => ask("GET", of(record, "view"));
export const lease = (record, token) => ask("POST", of(record, "lease"), { token });
export const saveDraft = (record, body) => ask("PUT", of(record, "draft"), body);
export const check = (record, field, value) => ask("POST", of(record, "check"), { field, value });
export const settle = (record, body) => ask("POST", of(record, `settle${location.search}`), body);
export const readRegion = (record, body) => ask("POST", of(record, "read-region"), body);
export const reject = (record, body) => ask("POST", of(record, `reject${location.search}`), body);
export const reopen = (record, body) => ask("POST", of(record, "reopen"), body);
export const revoke = (record, body) => ask("POST", of(record, "revoke"), body);

/** Take the next task that is free; those in `skip` are passed over. Return its view, or null where there is none. */
export async function takeNext(token, skip) {
  return (await ask("POST", `/tasks/take${location.search}`, { token, skip })).view;
}

/** Give a task back, also while the page is being closed: the browser sends it when it can. */
export function release(record, token) {
  const form = new FormData();
  form.set("token", token);
  form.set("csrf_token", csrfToken());
  navigator.sendBeacon(of(record, "release"), form);
}
