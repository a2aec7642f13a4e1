// What the store holds already: papers of the person at the counter, asked for before scanning, and files, told before
// they are sent.

import { askHeld, takeCardCodes } from "./lookup-asking.js";

const part = (id) => document.getElementById(id);

/** Let the clerk ask which papers need not be brought; procedure and dossier code are those of the batch. */
export function listenToAsking() {
  let person = {};
  takeCardCodes(part("subject"), (found) => {
    person = found;
  });
  part("asked").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    for (const name of ["procedure", "dossier_code"]) form.set(name, part(name).value);
    for (const [name, value] of Object.entries(person)) form.set(name, value);
    const show = () => Object.assign(part("held"), { hidden: false, open: true });
    // What a card said of one person is not sent with the next.
    if (await askHeld(form, part("held-answer"), show)) person = {};
  });
}

/**
 * Say how many files the store holds, with one choice for all of them.
 * @param {object[]} known
 * @param {(choice: "attach" | "leave") => void} chooseAll
 */
export function showKnown(known, chooseAll) {
  const place = part("known");
  place.hidden = !known.length;
  if (!known.length) return;
  if (!place.firstChild) {
    const choice = (label, value) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: label });
      made.addEventListener("click", () => chooseAll(value));
      return made;
    };
    const words = document.createElement("p");
    place.append(words, choice("Dùng bản trong kho", "attach"), " ", choice("Bỏ khỏi đợt này", "leave"));
  }
  place.firstChild.textContent =
    `${known.length} tệp đã có trong kho, không cần gửi lại. Chọn ở từng tệp, hoặc cho tất cả:`;
}
