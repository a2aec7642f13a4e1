// Choosing a region of the page to read again: drawn with the mouse, or a frame laid and sized with the arrow keys.

import { svgElement } from "./elements.js";
import { frameOf, nudged, turnedBox, turnedSize, unturnedBox } from "./geometry.js";

const LEAST_PX = 12;

export class Region {
  /**
   * @param {import("./viewer.js").Viewer} viewer
   * @param {{onRead: (index: number, box: number[]) => void, onEnd: () => void}} hooks
   */
  constructor(viewer, hooks) {
    this.viewer = viewer;
    this.hooks = hooks;
    // As the page lies now, turned or not; null: nothing is being chosen.
    this.frame = null;
    this.rectangle = svgElement("rect", { class: "frame" });
    const { stage } = viewer;
    stage.addEventListener("pointerdown", (event) => this.begin(event), { capture: true });
    stage.addEventListener("pointermove", (event) => this.drag(event), { capture: true });
    stage.addEventListener("pointerup", (event) => this.drop(event), { capture: true });
    stage.addEventListener("pointercancel", () => (this.corner = null));
  }

  get isActive() {
    return this.frame !== null;
  }

  get page() {
    return turnedSize(this.viewer.page, this.viewer.turn);
  }

  /** Lay a frame on a box of the page, or in the middle of what is seen. */
  start(box) {
    const { page } = this.viewer;
    if (!page?.width) return false;
    this.frame = box ? this.around(turnedBox(box, page, this.viewer.turn)) : this.middle();
    this.viewer.boxes.append(this.rectangle);
    this.viewer.root.classList.add("choosing");
    this.viewer.stage.focus({ preventScroll: true });
    this.draw();
    return true;
  }

  /** A little wider than the box: what stands in it stays readable. */
  around([left, top, right, bottom]) {
    const margin = this.page.width / 200;
    return frameOf([left - margin, top - margin], [right + margin, bottom + margin], this.page);
  }

  middle() {
    const stage = this.viewer.stage.getBoundingClientRect();
    const [x, y] = this.pointAt(stage.left + stage.width / 2, stage.top + stage.height / 2);
    const width = this.page.width / 3;
    return frameOf([x - width / 2, y - width / 12], [x + width / 2, y + width / 12], this.page);
  }

  /** Carry out a command of the keyboard. */
  do(command) {
    if (command === "cancel") this.end();
    else if (command === "read") this.read();
    else {
      this.frame = nudged(this.frame, command, this.page.width / 100, this.page);
      this.draw();
      this.viewer.bring(this.onPage);
    }
  }

  get onPage() {
    return unturnedBox(this.frame, this.viewer.page, this.viewer.turn).map(Math.round);
  }

  draw() {
    const [left, top, right, bottom] = this.onPage;
    const place = { x: left, y: top, width: right - left, height: bottom - top };
    for (const [name, value] of Object.entries(place)) this.rectangle.setAttribute(name, value);
  }

  read() {
    const [left, top, right, bottom] = this.onPage;
    if (right - left < LEAST_PX || bottom - top < LEAST_PX) return;
    const { index } = this.viewer;
    this.end();
    this.hooks.onRead(index, [left, top, right, bottom]);
  }

  end() {
    if (!this.isActive) return;
    this.frame = null;
    this.corner = null;
    this.rectangle.remove();
    this.viewer.words.textContent = "";
    this.viewer.root.classList.remove("choosing");
    this.hooks.onEnd();
  }

  pointAt(x, y) {
    const sheet = this.viewer.sheet.getBoundingClientRect();
    return [
      ((x - sheet.left) / sheet.width) * this.page.width,
      ((y - sheet.top) / sheet.height) * this.page.height,
    ];
  }

  begin(event) {
    if (!this.isActive || event.button !== 0) return;
    // The picture stays where it is while a frame is drawn on it.
    event.stopPropagation();
    event.preventDefault();
    this.corner = this.pointAt(event.clientX, event.clientY);
    this.viewer.stage.setPointerCapture(event.pointerId);
  }

  drag(event) {
    if (!this.corner) return;
    event.stopPropagation();
    this.frame = frameOf(this.corner, this.pointAt(event.clientX, event.clientY), this.page);
    this.draw();
  }

  drop(event) {
    if (!this.corner) return;
    event.stopPropagation();
    this.corner = null;
    this.read();
  }
}
