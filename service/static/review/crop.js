// The enlarged piece of the page above an input, cut here from the picture that is shown already.

import { planCrop, STRIP_GAP, turnedBox, turnedSize } from "./geometry.js";

/**
 * Draw the piece around a box.
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLImageElement} image picture of the page
 * @param {{width: number, height: number}} page size that boxes are in
 * @param {number[]} box
 * @param {number} turn how the person turned the page, degrees clockwise
 * @param {{width: number, height: number}} room on the screen
 */
export function drawCrop(canvas, image, page, box, turn, room) {
  const source = turn === 0 ? image : turned(image, turn);
  const size = { width: source.naturalWidth ?? source.width, height: source.naturalHeight ?? source.height };
  const plan = planCrop(turnedBox(box, page, turn), turnedSize(page, turn), size, room);
  const dots = window.devicePixelRatio || 1;
  const width = plan.strips[0].width * plan.scale;
  const each = plan.strips[0].height * plan.scale;
  const height = each * plan.strips.length + STRIP_GAP * (plan.strips.length - 1);
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(height * dots);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.scale(dots, dots);
  pen.imageSmoothingQuality = "high";
  plan.strips.forEach((strip, at) => drawStrip(pen, source, strip, plan, at * (each + STRIP_GAP)));
}

function drawStrip(pen, source, strip, { scale, box }, top) {
  const width = strip.width * scale;
  const height = strip.height * scale;
  pen.save();
  pen.beginPath();
  pen.rect(0, top, width, height);
  pen.clip();
  pen.drawImage(source, strip.x, strip.y, strip.width, strip.height, 0, top, width, height);
  // What is not the field's own is paler.
  pen.fillStyle = "rgb(255 255 255 / 0.45)";
  const [left, over, right, under] = [
    (box[0] - strip.x) * scale - 3,
    top + (box[1] - strip.y) * scale - 3,
    (box[2] - strip.x) * scale + 3,
    top + (box[3] - strip.y) * scale + 3,
  ];
  pen.beginPath();
  pen.rect(0, top, width, height);
  pen.rect(left, over, right - left, under - over);
  pen.fill("evenodd");
  pen.restore();
}

function turned(image, turn) {
  const { width, height } = turnedSize({ width: image.naturalWidth, height: image.naturalHeight }, turn);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  pen.translate(width / 2, height / 2);
  pen.rotate((turn * Math.PI) / 180);
  pen.drawImage(image, -image.naturalWidth / 2, -image.naturalHeight / 2);
  return canvas;
}
