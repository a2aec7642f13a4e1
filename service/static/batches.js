// The page of a batch, from choosing files to the result: who does what lies in the modules, here they are joined.

import { Refused, ask, say, sayRefused } from "./common.js";
import { Changes } from "./batches-changes.js";
import { Choosing } from "./batches-choosing.js";
import { Deed } from "./batches-deed.js";
import { Described } from "./batches-described.js";
import { listenToAsking, showKnown } from "./batches-held.js";
import { follow, portionsOf } from "./batches-live.js";
import { Model, keepPage } from "./batches-model.js";
import { Rescans } from "./batches-rescans.js";
import { showResult } from "./batches-result.js";
import { Rows } from "./batches-rows.js";
import { Sender } from "./batches-sending.js";
import { hasUnusable, submit } from "./batches-submitting.js";
import { chosenIn, droppedIn } from "./batches-tree.js";
import { STATES, countPoor, isHeld, numberWords, sizeWords } from "./batches-words.js";

const part = (id) => document.getElementById(id);
const { batch: loadedId, own, open, steward } = part("batch").dataset;
const isOwn = own === "yes";
const SOON_MS = 600;
// Papers of so many dossiers are asked about while the batch is being digitised; of more only when it is over.
const MANY_DOSSIERS = 200;

const model = new Model();
const mayChange = () => isOwn && model.state === "open";
let isStarted = false;
let isConcluded = false;
let opening = null;
const dirty = new Set();

// --- Showing: what changed is shown once a frame. ---

const deed = new Deed((words) => {
  part("told").textContent = words;
});
const rows = new Rows(part("dossiers"), {
  batchState: () => model.state,
  mayChange,
  rename: (dossier, name) => changes.rename(dossier, name),
  removeDossier: (dossier) => changes.removeDossier(dossier),
  removeItem: (item) => changes.remove(item),
  choose: (item, choice) => {
    item.choice = choice;
  },
});
const rescans = new Rescans({
  mayChange,
  keep: (item, number) => {
    keepPage(item, number);
    changed(item.dossier);
  },
  replace: (item) => chooseAgain(item, null),
  add: (item, number) => chooseAgain(item, number),
});

let frame = 0;
let isRearranged = false;

/** Something changed: one dossier, or which there are. */
function changed(dossier) {
  if (dossier) dirty.add(dossier);
  else isRearranged = true;
  frame ||= requestAnimationFrame(show);
}

function show() {
  frame = 0;
  const { items } = model;
  if (isRearranged) {
    rows.arrange(model.dossiers, items.length);
    for (const dossier of model.dossiers) dirty.add(dossier);
    describedBatch.countDossiers(model.dossiers.length);
    const bytes = sizeWords(items.reduce((sum, item) => sum + item.size, 0));
    part("dossiers-total").textContent =
      `${numberWords(model.dossiers.length)} hồ sơ, ${numberWords(items.length)} tệp, ${bytes}`;
    part("dossiers-section").hidden = !items.length;
    part("nothing").hidden = items.length > 0 || mayChange();
    isRearranged = false;
  }
  for (const dossier of dirty) rows.update(dossier);
  dirty.clear();
  showKnown(items.filter(isHeld), (choice) => {
    for (const item of model.items.filter(isHeld)) item.choice = choice;
    changed();
  });
  const loose = model.dossiers.filter((dossier) => dossier.loose && !dossier.items.some((item) => item.uploadId));
  part("join").hidden = !mayChange() || loose.length < 2;
  part("join").textContent = `Gộp ${loose.length} tệp lẻ thành một hồ sơ`;
  const wanted = items.flatMap((item) =>
    [...item.poor].filter(([, page]) => page.verdict === "rescan" && !page.kept).map(([number, page]) => ({ item, number, page })),
  );
  if (rescans.show(wanted)) deed.announce(`Cần quét lại ${countPoor(items, "rescan")} trang.`);
  deed.show(model, sender, { isOwn, poor: wanted.length });
  const [words, look] = STATES[model.state];
  part("batch-state").hidden = !model.id;
  part("batch-state").textContent = words;
  part("batch-state").className = `badge ${look}`;
}

// --- The service's side of the batch. ---

/** Return the batch's identifier; it is opened with the first file. */
function opened() {
  if (model.id) return Promise.resolve(model.id);
  opening ??= ask("POST", "/v1/batches", describedBatch.said)
    .then((view) => {
      history.replaceState(null, "", `/batches/${view.batch_id}`);
      model.merge(view);
      begin(view.batch_id);
      listen();
      changed();
      return view.batch_id;
    })
    .catch((error) => {
      opening = null;
      if (!describedBatch.refused(error)) throw error;
      throw new Refused(error.status, error.problem);
    });
  return opening;
}

function begin(batchId) {
  model.id = batchId;
  sender.batchId = batchId;
  describedBatch.batchId = batchId;
}

/** Go on from what the page knows by now. */
function goOn() {
  deed.isAway = false;
  if (!["done", "failed"].includes(model.state)) listen();
  else if (!isConcluded) conclude(model.state);
}

function listen() {
  follow(model.id, model.seq, (kind, event, seq) => {
    if (kind === "lost") return refresh().then(goOn, () => setTimeout(listen, 5000));
    if (kind === "away" || kind === "back") {
      deed.isAway = kind === "away";
      return changed();
    }
    const dossier = model.happened(kind, event, seq);
    changed(dossier ?? undefined);
    if (kind === "started") refreshSoon();
    if (kind === "checked" && (event.dossier_code || event.procedure_code || model.hasUnclaimed)) refreshSoon();
    if (kind === "assembled" && model.dossiers.length <= MANY_DOSSIERS) papersSoon();
    if ((kind === "done" || kind === "failed") && !isConcluded) refresh().catch(sayRefused).then(() => conclude(kind));
    return undefined;
  });
}

async function refresh() {
  const { changes: before } = model;
  let told;
  let suggested = null;
  for await (const view of portionsOf(model.id)) {
    if (model.changes !== before) return refreshSoon();
    told = model.merge(view, told);
    ({ suggested } = view);
    changed();
  }
  if (mayChange()) describedBatch.suggest(suggested, model.dossiers.length);
  return undefined;
}

async function loadPapers() {
  for (let after = ""; after !== null; ) {
    const { dossiers, next } = await ask("GET", `/batches/${model.id}/papers?after=${encodeURIComponent(after)}`);
    for (const { dossier_id: name, segment, papers } of dossiers) {
      const dossier = model.dossier(name);
      if (dossier) Object.assign(dossier, { found: papers, segment });
    }
    after = next;
  }
  changed();
}

const later = (work) => {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => work().catch(sayRefused), SOON_MS);
  };
};
const refreshSoon = later(refresh);
const papersSoon = later(loadPapers);

async function conclude(kind) {
  isConcluded = true;
  await loadPapers().catch(sayRefused);
  showResult(model, { isSteward: steward === "yes" });
  deed.announce(kind === "done" ? "Đã số hóa xong đợt này." : "Đợt này không số hóa được.");
}

// --- Choosing and sending. ---

const sender = new Sender({
  moved: (item) => changed(item.dossier),
  stored: (item) => {
    model.changes += 1;
    item.queued = false;
    changed(item.dossier);
    if (item.archive) refreshSoon();
    if (item.onStored) item.onStored();
    if (!sender.isBusyWithout(item)) deed.announce("Đã gửi xong.");
  },
  failed: (item) => {
    item.queued = false;
    changed(item.dossier);
    deed.announce(`Tệp ${item.name} không gửi được.`);
  },
  line: (isLost) => {
    deed.line(isLost);
    changed();
  },
  signedOut: () => {
    deed.trouble = "Phiên làm việc đã hết hạn: đăng nhập lại ở thẻ khác, rồi bấm Gửi tiếp.";
    deed.announce(deed.trouble);
    changed();
  },
});
const changes = new Changes(model, sender, changed);
const choosing = new Choosing(model, {
  changed,
  opened,
  ready: (item) => {
    // What the store holds already is for the clerk to decide, unless it replaces a page.
    if (isStarted && (!item.known || item.isMeant)) dispatch(item);
    changed(item.dossier);
  },
});
const describedBatch = new Described(() => {}, { isFixed: !isOwn || open !== "yes" });

function dispatch(item) {
  item.queued = true;
  if (item.known && !item.isMeant) changes.settleKnown(item);
  else sender.add(item);
}

async function start() {
  if (sender.paused) {
    if (deed.trouble) await renewToken();
    deed.trouble = null;
    sender.resume();
  }
  isStarted = true;
  try {
    // One under way may carry what the clerk has mended since.
    await opening?.catch(() => {});
    await opened();
  } catch (error) {
    if (error instanceof Refused) sayRefused(error);
    return;
  }
  choosing.again();
  for (const item of model.items) if (item.state === "hashed" && !item.queued) dispatch(item);
  deed.announce("Đang gửi tệp.");
  changed();
}

/** After signing in again elsewhere, the session has another token. */
async function renewToken() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const token = page.querySelector('meta[name="csrf-token"]')?.content;
  if (token) document.querySelector('meta[name="csrf-token"]').content = token;
}

async function take(chosen) {
  if (!chosen.length) return;
  part("held").open = false;
  const wasHalf = model.items.some((item) => item.state === "half");
  const leftOut = await choosing.take(chosen);
  // Who chooses a half sent file again wants it to go on.
  if (wasHalf) isStarted = true;
  const named = leftOut.slice(0, 8).map(({ path, why }) => `${path} (${why})`).join(", ");
  const more = leftOut.length > 8 ? ` và ${leftOut.length - 8} tệp nữa` : "";
  part("left-out").hidden = !leftOut.length;
  part("left-out").textContent = leftOut.length ? `Không đưa vào đợt: ${named}${more}.` : "";
  deed.announce(`Đợt có ${model.dossiers.length} hồ sơ, ${model.items.length} tệp. ${part("left-out").textContent}`);
}

// --- Scanning a page again. ---

let again = null;

function chooseAgain(item, number) {
  again = { item, number };
  part("again-input").value = "";
  part("again-input").click();
}

async function takeAgain([file]) {
  if (!file || !again) return;
  const { item, number } = again;
  const { dossier } = item;
  again = null;
  isStarted = true;
  // A new scan under the name of the old one takes its place; the old one goes first.
  if (number === null) {
    // Nothing is sent off while a page is between its old scan and its new one.
    item.queued = true;
    changed(dossier);
    const isGone = await changes.remove(item, { keepDossier: true });
    item.queued = false;
    if (!isGone) {
      changed(dossier);
      return;
    }
  }
  const made = choosing.takeOne(model.dossierFor(dossier.name), file);
  made.isMeant = true;
  if (number !== null) {
    made.onStored = () => {
      keepPage(item, number);
      changed(item.dossier);
    };
  }
}

// --- What people do. ---

function listenToPeople() {
  const drop = part("drop");
  part("choose-folder").addEventListener("click", () => part("folder-input").click());
  part("choose-files").addEventListener("click", () => part("files-input").click());
  for (const id of ["folder-input", "files-input"]) {
    part(id).addEventListener("change", async ({ target }) => {
      await take(chosenIn(target));
      target.value = "";
    });
  }
  part("again-input").addEventListener("change", ({ target }) => takeAgain(target.files));
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    await take(await droppedIn(event.dataTransfer));
  });
  part("send").addEventListener("click", start);
  part("pause").addEventListener("click", () => sender.pause().then(() => changed()));
  part("join").addEventListener("click", () => changes.join());
  part("submit").addEventListener("click", async () => {
    if (hasUnusable(model.items)) return;
    part("submit").disabled = true;
    try {
      await describedBatch.saved;
      const view = await submit(model.id);
      if (view) sentOff(view);
    } finally {
      part("submit").disabled = false;
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (model.items.some((item) => item.file && !["stored", "failed"].includes(item.state))) event.preventDefault();
  });
  listenToAsking();
}

function sentOff(view) {
  model.merge(view);
  describedBatch.close();
  document.querySelector("h1").textContent = "Đợt nạp vừa gửi";
  for (const id of ["drop", "asked", "left-out"]) part(id).hidden = true;
  part("held").open = false;
  rescans.again([]);
  deed.announce("Đã gửi số hóa.");
  say("Đã gửi số hóa. Theo dõi ngay trên trang này, hoặc đóng lại rồi xem sau.");
  changed();
}

part("see-rescans").addEventListener("click", () => {
  part("rescans").scrollIntoView({ block: "start" });
  part("rescans-heading").focus({ preventScroll: true });
});
if (mayChange() && open === "yes") listenToPeople();
if (loadedId) {
  begin(loadedId);
  refresh().then(() => {
    goOn();
    const isAskedSoon = model.state === "running" && model.dossiers.length <= MANY_DOSSIERS;
    if (isAskedSoon && model.dossiers.some((dossier) => dossier.state)) papersSoon();
  }, sayRefused);
} else {
  changed();
}
