// What became of a batch: papers by type, what waits, what went wrong, where to go on.

import { problemWords } from "./batches-words.js";

function line(tag, words, className = "") {
  const made = document.createElement(tag);
  made.textContent = words;
  made.className = className;
  return made;
}

/** Show the result of a batch that is over. */
export function showResult(model, { isSteward }) {
  const body = document.getElementById("result-body");
  const { dossiers } = model;
  const papers = dossiers.flatMap((dossier) => dossier.found ?? []);
  const fields = papers.reduce((sum, paper) => sum + paper.open_fields, 0);
  const waiting = papers.filter((paper) => paper.waits).length;
  const failed = dossiers.filter((dossier) => dossier.state !== "complete").length;
  const tally = document.createElement("p");
  tally.className = "tally";
  tally.append(line("span", `${dossiers.length} hồ sơ`, "badge"), line("span", `${papers.length} giấy tờ`, "badge good"));
  if (waiting) tally.append(line("span", `${waiting} giấy tờ, ${fields} trường chờ cán bộ duyệt`, "badge warn"));
  if (failed) tally.append(line("span", `${failed} hồ sơ chưa trọn`, "badge bad"));
  body.replaceChildren(tally, ...dossiers.map(dossierResult), goOn(waiting && isSteward));
  document.getElementById("result").hidden = false;
}

function dossierResult(dossier) {
  const place = document.createElement("div");
  place.className = "outcome";
  place.append(line("h3", dossier.name));
  for (const problem of dossier.problems) place.append(line("p", problemWords(problem), "notice error"));
  const list = document.createElement("ul");
  for (const paper of dossier.found ?? []) {
    const entry = line("li", `${paper.name} `);
    const waits = paper.open_fields ? `${paper.open_fields} trường chờ duyệt` : "chờ cán bộ xem";
    entry.append(line("span", paper.waits ? waits : paper.words, `badge ${paper.waits ? "warn" : "good"}`));
    list.append(entry);
  }
  if (dossier.found?.length) place.append(list);
  else if (!dossier.problems.length) place.append(line("p", "Không tìm thấy giấy tờ nào.", "quiet"));
  return place;
}

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
