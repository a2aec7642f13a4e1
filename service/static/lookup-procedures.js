// An input with a list below it: procedures that have what was typed in code or name. Pattern: ARIA combobox.

import { ask, sayRefused } from "./common.js";

const TYPED_FOR_MS = 150;

/**
 * Make an input with `role=combobox` and its list offer procedures.
 * @param {HTMLInputElement} input its list is what `aria-controls` names
 * @param {(procedure: {code: string, name: string, roles: {role: string, words: string}[]}) => void} [onChosen]
 */
export function offerProcedures(input, onChosen = () => {}) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  let shown = [];
  let active = -1;
  let asked = 0;
  let timer = 0;

  function close() {
    clearTimeout(timer);
    asked += 1; // an answer that is under way comes too late
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(position) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = position;
    const entry = list.children[active];
    if (!entry) return;
    entry.setAttribute("aria-selected", "true");
    entry.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", entry.id);
  }

  function choose(procedure) {
    close();
    input.value = `${procedure.code} · ${procedure.name}`;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    onChosen(procedure);
  }

  async function search() {
    const mine = ++asked;
    let answer;
    try {
      answer = await ask("GET", `/lookup/procedures?q=${encodeURIComponent(input.value.split("·")[0].trim())}`);
    } catch (error) {
      sayRefused(error);
      return;
    }
    if (mine !== asked) return;
    shown = answer.procedures;
    list.replaceChildren(...shown.map(entryOf));
    if (!shown.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = "Không có thủ tục nào như vậy";
      list.append(none);
    }
    list.hidden = false;
    active = -1;
    input.setAttribute("aria-expanded", "true");
  }

  function entryOf(procedure, position) {
    const entry = document.createElement("li");
    entry.id = `${list.id}-${position}`;
    entry.setAttribute("role", "option");
    entry.setAttribute("aria-selected", "false");
    const code = document.createElement("code");
    code.textContent = procedure.code;
    entry.append(procedure.name, " ", code);
    // Before the input loses the focus, and the list is closed for that.
    entry.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(procedure);
    });
    return entry;
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, TYPED_FOR_MS);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) search();
      else if (shown.length) mark((active + (event.key === "ArrowDown" ? 1 : -1) + shown.length + (active < 0 && event.key === "ArrowUp" ? 1 : 0)) % shown.length);
    } else if (event.key === "Enter" && isOpen && shown.length) {
      event.preventDefault();
      choose(shown[Math.max(active, 0)]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    }
  });
}
