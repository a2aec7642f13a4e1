// Sending a batch off to be digitised, and what may be in the way.

import { Refused, ask, sayRefused } from "./common.js";
import { isUnusable, problemWords } from "./batches-words.js";

const place = () => document.getElementById("in-the-way");

/** Show the files that stand in the way of sending off, if there are any: what the page knows need not be asked. */
export function hasUnusable(items) {
  const problems = items.filter(isUnusable).map((item) => ({ ...item.problem, file: `${item.dossier.name}/${item.name}` }));
  if (problems.length) show(problems, new Set());
  return problems.length > 0;
}

/**
 * Send the batch off. What is in the way is shown as sentences; dossiers that the store holds already can be added to.
 * @returns {Promise<object | null>} the batch as the service tells it, null where it was not sent off
 */
export async function submit(batchId) {
  const addTo = Array.from(place().querySelectorAll("input:checked"), (box) => box.value);
  try {
    const view = await ask("POST", `/v1/batches/${batchId}/submit`, { add_to: addTo });
    place().replaceChildren();
    return view;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.problem.problems) show(error.problem.problems, new Set(addTo));
    else sayRefused(error);
    return null;
  }
}

function show(problems, addTo) {
  const notice = document.createElement("div");
  notice.className = "notice error";
  const heading = document.createElement("h2");
  heading.textContent = "Chưa gửi số hóa được";
  heading.tabIndex = -1;
  const list = document.createElement("ul");
  const seen = new Set();
  for (const problem of problems) {
    const isHeld = problem.code === "dossier_held" && !isUnderWay(problem);
    // That another batch has it, and that the store has it, may both be said of one dossier.
    if (seen.has(`${problem.code}/${problem.file}`)) continue;
    seen.add(`${problem.code}/${problem.file}`);
    const line = document.createElement("li");
    line.textContent = isUnderWay(problem)
      ? `Hồ sơ ${problem.file} đang được số hóa trong đợt khác: chờ xong rồi gửi lại.`
      : `${problemWords(problem)} `;
    if (isHeld) line.append(choice(problem.file, addTo.has(problem.file)));
    list.append(line);
  }
  notice.append(heading, list);
  place().replaceChildren(notice);
  heading.focus();
}

const isUnderWay = (problem) => problem.code === "dossier_held" && Boolean(problem.detail);

function choice(dossierId, isChosen) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", value: dossierId, checked: isChosen });
  label.append(box, ` Bổ sung vào hồ sơ đã có ${dossierId}`);
  return label;
}
