// What became of a batch: papers by type, what waits, what went wrong, where to go on.

import { More } from "./batches-more.js";
import { isSkipped, numberWords, problemWords } from "./batches-words.js";

const DOSSIERS_AT_A_TIME = 50;

function line(tag, words, className = "") {
  const made = document.createElement(tag);
  made.textContent = words;
  made.className = className;
  return made;
}

const PURPOSE = encodeURIComponent("Xem kết quả số hóa của đợt nạp");

function link(words, href, className = "") {
  const made = line("a", words, className);
  made.href = href;
  return made;
}

/** Show the result of a batch that is over. */
export function showResult(model, { isSteward }) {
  const body = document.getElementById("result-body");
  const { dossiers } = model;
  const papers = dossiers.flatMap((dossier) => dossier.found ?? []);
  const fields = papers.reduce((sum, paper) => sum + paper.open_fields, 0);
  const waiting = papers.filter((paper) => paper.waits).length;
  const failed = dossiers.filter((dossier) => !["complete", "erased"].includes(dossier.state) && !holdsNoScan(dossier)).length;
  const tally = document.createElement("p");
  tally.className = "tally";
  tally.append(
    line("span", `${numberWords(dossiers.length)} hồ sơ`, "badge"),
    line("span", `${numberWords(papers.length)} giấy tờ`, papers.length ? "badge good" : "badge"),
  );
  const withFields = fields ? `, ${numberWords(fields)} trường` : "";
  if (waiting) tally.append(line("span", `${numberWords(waiting)} giấy tờ${withFields} chờ cán bộ duyệt`, "badge warn"));
  if (failed) tally.append(line("span", `${failed} hồ sơ chưa trọn`, "badge bad"));
  // What ended the whole batch is said once, not of every dossier.
  const ended = model.state === "failed" ? (dossiers[0]?.problems ?? []) : [];
  const notices = ended.map((problem) => line("p", problemWords(problem), "notice error"));
  const outcomes = ended.length ? [] : outcomesOf(dossiers, isSteward);
  body.replaceChildren(tally, ...notices, ...outcomes, goOn(waiting && isSteward));
  document.getElementById("result").hidden = false;
}

/** The dossiers one below the other, some at a time. */
function outcomesOf(dossiers, isSteward) {
  const list = document.createElement("div");
  const more = new More(list, DOSSIERS_AT_A_TIME, "hồ sơ", show);
  function show() {
    const shown = more.of(dossiers);
    list.append(...shown.slice(list.children.length).map((dossier) => dossierResult(dossier, isSteward)));
  }
  show();
  return [list, more.place];
}

function dossierResult(dossier, isSteward) {
  const place = document.createElement("div");
  place.className = "outcome";
  const heading = line("h3", "");
  const isErased = dossier.state === "erased";
  heading.append(isSteward && dossier.segment && !isErased ? link(dossier.name, `/dossiers/${dossier.segment}`) : dossier.name);
  place.append(heading);
  for (const problem of dossier.problems) place.append(line("p", problemWords(problem), "notice error"));
  const list = document.createElement("ul");
  for (const paper of dossier.found ?? []) {
    const entry = line("li", `${paper.name} `);
    const waits = paper.open_fields ? `${paper.open_fields} trường chờ duyệt` : "chờ cán bộ xem";
    entry.append(line("span", paper.waits ? waits : paper.words, `badge ${paper.waits ? "warn" : "good"}`));
    const shown = link("xem PDF", `/v1/records/${paper.record_id}/paper.pdf?purpose=${PURPOSE}`);
    Object.assign(shown, { target: "_blank", rel: "noopener" });
    shown.setAttribute("aria-label", `Xem PDF của ${paper.name}, hồ sơ ${dossier.name}, trong thẻ mới`);
    entry.append(" ", shown);
    if (isSteward) entry.append(" ", link(paper.waits ? "duyệt" : "mở", `/tasks/${paper.record_id}`));
    list.append(entry);
  }
  if (dossier.found?.length) place.append(list);
  else if (isErased) place.append(line("p", "Giấy tờ đã xóa theo quyết định.", "quiet"));
  else if (holdsNoScan(dossier)) place.append(line("p", "Chỉ có tệp không phải bản quét: không có gì để số hóa.", "quiet"));
  else if (!dossier.problems.length) place.append(line("p", "Không tìm thấy giấy tờ nào.", "quiet"));
  return place;
}

/** True for what an archive held beside its scans. */
const holdsNoScan = ({ items }) => items.length > 0 && items.every(isSkipped);

function goOn(hasTasks) {
  const place = line("p", "", "row");
  const next = line("a", "Nạp đợt tiếp theo", "button primary");
  next.href = "/batches/new";
  place.append(next);
  if (hasTasks) {
    const tasks = line("a", "Duyệt giấy tờ", "button");
    tasks.href = "/tasks";
    place.append(tasks);
  }
  return place;
}
