// The page of one task, and of those after it: papers change in place, without loading the page again.

import { Refused, sayRefused } from "../common.js";
import * as api from "./api.js";
import { Banner } from "./banner.js";
import { Desk } from "./desk.js";
import { Dialogs } from "./dialogs.js";
import { forgetAllHere } from "./drafts.js";
import { Finish } from "./finish.js";
import { Keyboard } from "./keyboard.js";
import { Leases, tokenOfTab } from "./lease.js";
import { Pictures } from "./pictures.js";
import { Upcoming } from "./upcoming.js";

const root = document.querySelector("#review");
const pictures = new Pictures();
const dialogs = new Dialogs(document);
const banner = new Banner(root.querySelector("#banner"), { onRetry: () => location.reload(), onSkip: () => goOn() });
const finish = new Finish(root.querySelector("#finish"), dialogs, { onDone: () => goOn(1), onLost: (problem) => banner.lost(problem) });
const leases = new Leases(await tokenOfTab(), {
  onLost: (record, problem) => record === desk.record && banner.lost(problem),
  onKept: () => {},
});
const upcoming = new Upcoming(leases, pictures);
const desk = new Desk(root, { pictures, leases, finish, banner, dialogs, onSkip: () => goOn() });
new Keyboard(desk);

// How many wait, as far as is known here: what was fetched ahead counts papers that are settled by now.
let left = Infinity;

/** Take a task and lay it on the desk; where somebody holds it, it is only shown. */
async function open(record) {
  banner.hide();
  try {
    const [view, refusal] = await Promise.all([api.view(record), taken(record)]);
    lay(view, refusal === null);
    if (refusal?.code === "task_taken") banner.taken(refusal);
  } catch (error) {
    sayRefused(error);
  }
}

/** Take a task; null where it is taken, or where there is nothing to do in it; else why it is not. */
async function taken(record) {
  if (root.hasAttribute("data-nothing-to-do")) return null;
  try {
    await leases.take(record);
    return null;
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 0 || error.status >= 500) throw error;
    return error.problem;
  }
}

function lay(view, isHeld) {
  const { dossier } = view;
  document.title = `${view.paper_type_name} · sohoa`;
  root.querySelector("#paper-name").textContent = view.paper_type_name;
  root.querySelector("#dossier").textContent = dossier.dossier_code ?? dossier.dossier_id;
  left = Math.min(view.waiting, left);
  root.querySelector("#waiting").textContent = `${left} giấy đang chờ`;
  root.querySelector("#dossier-link").href = `/dossiers/${dossier.segment}?record=${view.record_id}`;
  root.dataset.mode = isHeld ? view.mode : "read";
  root.dataset.record = view.record_id;
  desk.lay(view, { isHeld });
  root.classList.remove("loading");
}

/** Go on to the next paper, or back to the queue where none is left. */
async function goOn(done = 0) {
  const { record } = desk;
  leases.release(record);
  left -= done;
  banner.hide();
  root.classList.add("loading");
  try {
    const view = await upcoming.take(record);
    if (view === null) {
      location.assign(`/tasks${location.search}`);
      return;
    }
    history.pushState({}, "", `/tasks/${view.record_id}${location.search}`);
    lay(view, true);
    pictures.keep(view.pages.map((page) => page.picture));
  } catch (error) {
    root.classList.remove("loading");
    sayRefused(error);
  }
}

// Near the end of a paper the next one is fetched.
document.addEventListener("keyup", () => {
  const { review } = desk;
  if (review && !review.isReadOnly && review.waiting.length <= 1) upcoming.prepare(desk.record);
});
for (const button of root.querySelectorAll("[data-decide]"))
  button.addEventListener("click", () => finish[button.dataset.decide](desk));
// A tab that is closed while the line is cut takes with it what was not sent.
window.addEventListener("beforeunload", (event) => desk.drafts?.isWaiting && event.preventDefault());
window.addEventListener("popstate", () => location.reload());
document.addEventListener("visibilitychange", () => desk.clock.wake());
document.addEventListener("pointerdown", () => desk.touch());
document.addEventListener("submit", (event) => event.target.action?.endsWith("/sign-out") && forgetAllHere());
await open(root.dataset.record);
