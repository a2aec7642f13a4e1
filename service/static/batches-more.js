// Long lists: some at a time, and a button below them for more.

import { numberWords } from "./batches-words.js";

export class More {
  /** Where the button goes: below the list. */
  place = document.createElement("p");
  #button = document.createElement("button");
  #list;
  #step;
  #most;
  #what;

  /**
   * @param {HTMLElement} list an element of it for each thing that is shown, in order
   * @param {number} step how many are shown at first, and how many more each time
   * @param {string} what these things are called
   * @param {() => void} grown shows what may be shown now
   */
  constructor(list, step, what, grown) {
    [this.#list, this.#step, this.#most, this.#what] = [list, step, step, what];
    this.#button.type = "button";
    this.place.className = "row more";
    this.place.hidden = true;
    this.place.append(this.#button);
    this.#button.addEventListener("click", () => {
      const before = list.children.length;
      this.#most += step;
      grown();
      this.#goTo(before);
    });
  }

  /** Return those of all that are shown, and offer the others. */
  of(all) {
    const rest = all.length - this.#most;
    this.place.hidden = rest <= 0;
    if (rest > 0) {
      const words = `Hiện thêm ${Math.min(rest, this.#step)} ${this.#what} (còn ${numberWords(rest)})`;
      if (this.#button.textContent !== words) this.#button.textContent = words;
    }
    return rest > 0 ? all.slice(0, this.#most) : all;
  }

  /** Who works by keyboard goes on with the first that came. */
  #goTo(position) {
    const first = this.#list.children[position];
    const inside = first?.querySelector("a, button:not([hidden])");
    if (first && !inside) first.tabIndex = -1;
    (inside ?? first)?.focus();
  }
}
