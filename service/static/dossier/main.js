// The page of one dossier: how its pages make papers, mended by keyboard.

import { ask, Refused, say, sayRefused } from "../common.js";
import { Dialogs } from "../review/dialogs.js";
import { Pictures } from "../review/pictures.js";
import { Viewer } from "../review/viewer.js";
import { Arrangement, keyOf } from "./arrangement.js";
import { commandOf } from "./keys.js";
import { Strip } from "./strip.js";
import { TypePicker } from "./types.js";
import { whenAssembled } from "./waiting.js";

const REASONS = ["máy tách nhầm", "máy nhận sai loại", "trang quét lẫn giấy khác", "quét sai thứ tự trang"];

const root = document.querySelector("#dossier");
const { segment } = root.dataset;
const pictures = new Pictures();
const dialogs = new Dialogs(document);
const picker = new TypePicker(document.querySelector('dialog[data-dialog="type"]'));
const part = (name) => root.querySelector(`#${name}`);
const nothing = () => {};
const viewer = new Viewer(root.querySelector(".viewer"), pictures, {
  onField: nothing,
  onPage: nothing,
  onTurn: nothing,
  onResize: nothing,
});
const strip = new Strip(part("strip"), pictures, { onPage: (key) => go(key) });

let arrangement = null;
let current = null;
let busy = false;
let shownKey = null;

function heard(words) {
  part("heard").textContent = words;
}

/** Lay a dossier out; the page `wanted` is current, else the first with a question, else the first. */
function lay(view, wanted) {
  arrangement = new Arrangement(view);
  const pages = arrangement.pages.map(keyOf);
  const asked = view.questions.map((question) => keyOf(question.page));
  current = [wanted, asked[0], pages[0]].find((key) => pages.includes(key)) ?? null;
  part("name").textContent = view.dossier_code ?? view.dossier_id;
  part("code").textContent = view.dossier_code ? view.dossier_id : "";
  show();
}

function show() {
  strip.draw(arrangement, current);
  const questions = arrangement.view.questions.filter((question) => !arrangement.answers.has(keyOf(question.page)));
  part("standing").textContent = `${arrangement.papers.length} giấy tờ, ${arrangement.pages.length} trang${
    questions.length ? `, máy hỏi ${questions.length} chỗ` : ""
  }`;
  part("save").disabled = !arrangement.isDirty || busy;
  part("save").classList.toggle("primary", arrangement.isDirty);
  showPage();
}

async function showPage() {
  const page = arrangement.pages.find((each) => keyOf(each) === current);
  const question = page && arrangement.questionOf(current);
  part("question").hidden = !question;
  if (question) part("question-words").textContent = `Trang ${page.page_number}: ${question.words}.`;
  const task = page && arrangement.groupOf(current).was;
  part("review-link").hidden = !task || arrangement.isDirty;
  if (task) part("review-link").href = `/tasks/${task.record_id}`;
  strip.focus(current);
  if (!page || shownKey === current) return;
  shownKey = current;
  try {
    const { naturalWidth, naturalHeight } = await pictures.get(page.picture);
    if (shownKey === current) viewer.open([{ picture: page.picture, width: naturalWidth, height: naturalHeight }]);
  } catch {
    say("Không tải được ảnh trang này.", "error");
  }
}

function go(key) {
  current = key;
  show();
}

/** Carry out a change; what stands in its way is said. */
function change(done) {
  if (done === true) show();
  else say(done, "warn");
}

function step(by) {
  const pages = arrangement.pages.map(keyOf);
  const to = pages[pages.indexOf(current) + by];
  if (to) go(to);
}

function stepPaper(by) {
  const groups = arrangement.groups.filter((group) => group.pages.length);
  const to = groups[groups.indexOf(arrangement.groupOf(current)) + by];
  if (to) go(keyOf(to.pages[0]));
}

const COMMANDS = {
  before: () => step(-1),
  after: () => step(1),
  "paper-before": () => stepPaper(-1),
  "paper-after": () => stepPaper(1),
  first: () => go(keyOf(arrangement.pages[0])),
  last: () => go(keyOf(arrangement.pages.at(-1))),
  cut: () => change(arrangement.cut(current)),
  merge: () => change(arrangement.merge(current)),
  "move-back": () => change(arrangement.move(current, -1)),
  "move-on": () => change(arrangement.move(current, 1)),
  "shift-back": () => change(arrangement.shift(current, -1)),
  "shift-on": () => change(arrangement.shift(current, 1)),
  blank: () => change(arrangement.blank(current)),
  yes: () => answer(true),
  no: () => answer(false),
  type: () => void chooseType(),
  undo: () => (arrangement.undo() ? show() : say("Không còn gì để hoàn tác.")),
  save: () => void save(),
  help: () => void dialogs.showKeys(),
  open: () => !part("review-link").hidden && part("review-link").click(),
};

function answer(isYes) {
  const done = arrangement.answer(current, isYes);
  const left = arrangement.view.questions.map(({ page }) => keyOf(page)).find((key) => !arrangement.answers.has(key));
  if (done === true && left) current = left;
  change(done);
  if (done === true) heard(left ? "Đã trả lời, sang câu hỏi kế tiếp." : "Đã trả lời hết, Ctrl Enter để lưu.");
}

async function chooseType() {
  const chosen = await picker.ask(arrangement.view.paper_types);
  if (chosen) change(arrangement.choose(current, chosen.type));
  else strip.focus(current);
}

async function save() {
  if (busy || !arrangement.isDirty) return;
  const reason = await dialogs.askReason({
    title: "Lưu cách xếp hồ sơ",
    words: arrangement.consequences,
    button: "Lưu",
    suggestions: REASONS,
  });
  if (!reason) return strip.focus(current);
  busy = true;
  part("save").disabled = true;
  try {
    const { revision } = await ask("POST", `/dossiers/${segment}/arrange`, { ...arrangement.request, reason });
    await follow(revision);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refused(error);
  } finally {
    busy = false;
    show();
  }
}

function refused(error) {
  const { code, current: view } = error.problem;
  if (code === "record_changed" && view) {
    lay(view, current);
    say("Hồ sơ vừa có người khác sửa: đã hiện cách xếp mới, xin xem lại.", "warn");
  } else sayRefused(error);
}

/** Wait until the papers are made anew, then show them. */
async function follow(revision) {
  arrangement.begun = arrangement.groups;
  arrangement.answers.clear();
  part("working").hidden = false;
  try {
    if (!(await whenAssembled(segment, revision))) {
      say("Máy còn đang xếp lại hồ sơ. Có thể rời trang này; giấy tờ sẽ vào danh sách duyệt khi xong.");
      return;
    }
    lay(await ask("GET", `/dossiers/${segment}/view`), current);
    const waiting = arrangement.papers.filter((group) => group.was.state === "needs_review").length;
    say(`Đã xếp lại hồ sơ: ${arrangement.papers.length} giấy tờ${waiting ? `, ${waiting} giấy chờ duyệt` : ""}.`);
  } finally {
    part("working").hidden = true;
  }
}

document.addEventListener("keydown", (event) => {
  if (!arrangement || !current || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const command = commandOf(event, part("strip").contains(document.activeElement));
  if (!command) return;
  event.preventDefault();
  run(command);
});
root.addEventListener("click", (event) => {
  const { do: command } = event.target.closest("[data-do]")?.dataset ?? {};
  if (command && arrangement) run(command);
});
window.addEventListener("beforeunload", (event) => arrangement?.isDirty && event.preventDefault());

function run(command) {
  if (COMMANDS[command]) COMMANDS[command]();
  else viewer.do(command);
}

try {
  const view = await ask("GET", `/dossiers/${segment}/view`);
  const paper = view.papers.find(({ record_id: record }) => record === root.dataset.record);
  lay(view, paper && keyOf(paper.pages[0]));
  if (view.to_assemble) await follow(view.revision);
} catch (error) {
  sayRefused(error);
}
