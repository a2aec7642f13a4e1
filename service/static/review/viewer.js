// The picture of a page: zoomed, moved, turned, with the boxes of all fields over it.

import { element, svgElement } from "./elements.js";
import { centred, kept, scaledBox, turnedBox, turnedSize } from "./geometry.js";

// Width of an unturned sheet, in pixels of the screen at scale 1.
const SHEET_PX = 1000;
const STEP = 1.25;
const LEAST = 0.2;
const MOST = 5;
const MOVE_PX = 80;

export class Viewer {
  /**
   * @param {HTMLElement} root holds `.stage`, `.strip` and buttons with `data-do`
   * @param {import("./pictures.js").Pictures} pictures
   * @param {{onField: (name: string) => void, onPage: () => void, onTurn: () => void, onResize: () => void}} hooks
   */
  constructor(root, pictures, hooks) {
    this.root = root;
    this.pictures = pictures;
    this.hooks = hooks;
    this.stage = root.querySelector(".stage");
    this.strip = root.querySelector(".strip");
    this.sheet = this.stage.querySelector(".sheet");
    this.turnedPart = this.sheet.querySelector(".turned");
    this.image = this.sheet.querySelector("img");
    this.words = root.querySelector(".picture-words");
    this.boxes = this.sheet.querySelector("svg");
    this.pages = [];
    this.turns = new Map();
    this.index = -1;
    this.panzoom = window.Panzoom(this.sheet, {
      canvas: true,
      origin: "0 0",
      cursor: "grab",
      minScale: LEAST,
      maxScale: MOST,
      step: Math.log(STEP),
      // Keys belong to the field that is open: the mouse moves the picture and takes no focus.
      handleStartEvent: (event) => event.preventDefault(),
    });
    this.stage.addEventListener("mousedown", (event) => event.preventDefault());
    this.stage.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    this.sheet.addEventListener("panzoomend", () => this.settle());
    this.boxes.addEventListener("click", (event) => {
      const name = event.target.dataset?.field;
      if (name) hooks.onField(name);
    });
    new ResizeObserver(() => this.onResize()).observe(this.stage);
  }

  /** Show the pages of another paper, the first of them. */
  open(pages) {
    this.pages = pages;
    this.turns.clear();
    this.index = -1;
    this.fitted = true;
    this.strip.replaceChildren(
      ...pages.map((page, at) =>
        element(
          "li",
          {},
          element("button", { type: "button", "data-page": at, text: at + 1, click: () => this.show(at) }),
        ),
      ),
    );
    this.strip.hidden = pages.length < 2;
    this.root.classList.toggle("has-strip", pages.length > 1);
    return pages.length ? this.show(0) : Promise.resolve();
  }

  get page() {
    return this.pages[this.index];
  }

  get turn() {
    return this.turns.get(this.index) ?? 0;
  }

  /** Show a page. */
  async show(index) {
    if (index === this.index || !this.pages[index]) return;
    this.index = index;
    this.boxes.replaceChildren();
    this.strip.querySelectorAll("button").forEach((button, at) => {
      button.setAttribute("aria-current", at === index ? "page" : "false");
      if (at === index) button.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
    this.lay();
    this.fit();
    this.hooks.onPage(index);
    await this.load(this.page);
  }

  /** Show the picture of a page, once it has come. */
  async load(page) {
    this.image.hidden = true;
    this.image.alt = `Trang ${this.index + 1} trong ${this.pages.length}`;
    this.words.textContent = "Đang tải ảnh…";
    try {
      const picture = await this.pictures.get(page.picture);
      if (this.page !== page) return;
      this.image.src = picture.src;
      this.image.hidden = false;
      this.words.textContent = "";
    } catch {
      if (this.page === page) this.words.textContent = "Không tải được ảnh trang. Bấm 0 ở ảnh để thử lại.";
    }
  }

  /** Put sheet, picture and boxes to the size and turn of the page. */
  lay() {
    const { width, height } = this.page;
    const own = { width: SHEET_PX, height: (SHEET_PX * height) / width };
    this.size = turnedSize(own, this.turn);
    const moved = { 0: [0, 0], 90: [own.height, 0], 180: [own.width, own.height], 270: [0, own.width] }[this.turn];
    this.sheet.style.width = `${this.size.width}px`;
    this.sheet.style.height = `${this.size.height}px`;
    this.turnedPart.style.width = `${own.width}px`;
    this.turnedPart.style.height = `${own.height}px`;
    this.turnedPart.style.transform = `translate(${moved[0]}px, ${moved[1]}px) rotate(${this.turn}deg)`;
    this.boxes.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  /** Draw the boxes of the fields on this page; `current` is brought to the middle. */
  mark(boxes, current) {
    this.boxes.replaceChildren(
      ...boxes.map(({ name, box, kind }) => {
        const [left, top, right, bottom] = box;
        const margin = this.page.width / 250;
        return svgElement("rect", {
          x: left - margin,
          y: top - margin,
          width: right - left + 2 * margin,
          height: bottom - top + 2 * margin,
          rx: margin,
          class: `box ${kind}${name === current ? " current" : ""}`,
          "data-field": name,
        });
      }),
    );
  }

  /** Bring a box to the middle; the zoom stays. */
  bring(box) {
    const onSheet = turnedBox(scaledBox(box, SHEET_PX / this.page.width), this.ownSize, this.turn);
    this.move(centred(onSheet, this.size, this.room, this.scale));
  }

  get ownSize() {
    return { width: SHEET_PX, height: (SHEET_PX * this.page.height) / this.page.width };
  }

  get room() {
    return { width: this.stage.clientWidth, height: this.stage.clientHeight };
  }

  get scale() {
    return this.panzoom.getScale();
  }

  move(place) {
    const { x, y } = kept(place, this.size, this.room, this.scale);
    this.panzoom.pan(x, y, { force: true });
  }

  settle() {
    const { x, y } = this.panzoom.getPan();
    this.fitted = false;
    this.move({ x, y });
  }

  /** Make the page as wide as the stage. */
  fit() {
    if (!this.page || !this.room.width) return;
    this.panzoom.zoom(this.room.width / this.size.width, { force: true });
    this.move(centred([0, 0, 0, 0], this.size, this.room, this.scale));
    this.fitted = true;
  }

  zoom(factor) {
    const { width, height } = this.room;
    const before = this.panzoom.getPan();
    const scale = this.scale;
    const after = Math.min(MOST, Math.max(LEAST, scale * factor));
    this.panzoom.zoom(after, { force: true });
    const along = (move, room) => room / (2 * after) - room / (2 * scale) + move;
    this.move({ x: along(before.x, width), y: along(before.y, height) });
    this.fitted = false;
  }

  onWheel(event) {
    event.preventDefault();
    this.panzoom.zoomWithWheel(event);
    this.settle();
  }

  onResize() {
    if (!this.page) return;
    if (this.fitted) this.fit();
    this.hooks.onResize();
  }

  /** Carry out a command of the keyboard or of a button; false where it is none of the picture's. */
  do(command) {
    const { x, y } = this.panzoom.getPan();
    const by = MOVE_PX / this.scale;
    const moves = { "move-left": [by, 0], "move-right": [-by, 0], "move-up": [0, by], "move-down": [0, -by] };
    if (moves[command]) this.move({ x: x + moves[command][0], y: y + moves[command][1] });
    else if (command === "zoom-in") this.zoom(STEP);
    else if (command === "zoom-out") this.zoom(1 / STEP);
    else if (command === "fit") {
      this.fit();
      if (this.page && this.image.hidden) this.load(this.page);
    }
    else if (command === "turn") this.turnOn();
    else if (command === "page-before") this.show(this.index - 1);
    else if (command === "page-after") this.show(this.index + 1);
    else return false;
    return true;
  }

  turnOn() {
    if (!this.page) return;
    this.turns.set(this.index, (this.turn + 90) % 360);
    this.lay();
    this.fit();
    this.hooks.onTurn();
  }
}
