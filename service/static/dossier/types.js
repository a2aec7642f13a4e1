// Choosing a paper type from a list that a few letters narrow, with or without accents.

import { element } from "../review/elements.js";

/** Return a text without accents, in small letters: for finding alone. */
export function folded(text) {
  return text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");
}

/** Return the types whose name has all words that were typed, those beginning with them first. */
export function found(types, typed) {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const matching = types.filter((type) => words.every((word) => folded(type.name).includes(word)));
  const begins = (type) => (words.length && folded(type.name).startsWith(words[0]) ? 0 : 1);
  return matching.sort((one, other) => begins(one) - begins(other) || one.name.localeCompare(other.name, "vi"));
}

const BY_MACHINE = { id: "", name: "Để máy tự nhận" };

export class TypePicker {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    this.input = dialog.querySelector("input");
    this.list = dialog.querySelector('[role="listbox"]');
    this.input.addEventListener("input", () => this.draw(0));
    this.input.addEventListener("keydown", (event) => this.onKey(event));
  }

  /**
   * Ask for a type.
   * @param {{id: string, name: string}[]} types
   * @returns {Promise<{type: string|null}|null>} null where the person thought better of it
   */
  ask(types) {
    this.types = types;
    this.input.value = "";
    this.dialog.returnValue = "";
    this.draw(0);
    this.dialog.showModal();
    this.input.focus();
    return new Promise((resolve) => {
      this.dialog.addEventListener(
        "close",
        () => {
          const { returnValue } = this.dialog;
          resolve(returnValue.startsWith("type:") ? { type: returnValue.slice(5) || null } : null);
        },
        { once: true },
      );
    });
  }

  draw(at) {
    this.shown = [...found(this.types, this.input.value), ...(this.input.value ? [] : [BY_MACHINE])];
    this.at = Math.max(0, Math.min(at, this.shown.length - 1));
    this.list.replaceChildren(
      ...this.shown.map((type, index) =>
        element("li", {
          role: "option",
          id: `type-${index}`,
          "aria-selected": String(index === this.at),
          text: type.name,
          click: () => this.dialog.close(`type:${type.id}`),
        }),
      ),
    );
    this.input.setAttribute("aria-activedescendant", this.shown.length ? `type-${this.at}` : "");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  onKey(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) this.draw(this.at + step);
    else if (event.key === "Enter" && this.shown[this.at]) this.dialog.close(`type:${this.shown[this.at].id}`);
    else return;
    event.preventDefault();
  }
}
