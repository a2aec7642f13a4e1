// Where things lie: boxes on turned pages, how far to zoom, which strips of a picture to enlarge. No DOM.
// Boxes are [left, top, right, bottom], right and bottom exclusive. A turn is 0, 90, 180 or 270 degrees clockwise.

/** Return the size of a page after a turn. */
export function turnedSize({ width, height }, turn) {
  return turn % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** Return a box of a page as it lies after a turn of the page. */
export function turnedBox([left, top, right, bottom], { width, height }, turn) {
  if (turn === 90) return [height - bottom, left, height - top, right];
  if (turn === 180) return [width - right, height - bottom, width - left, height - top];
  if (turn === 270) return [top, width - right, bottom, width - left];
  return [left, top, right, bottom];
}

/** Return a box of a turned page as it lies on the page itself. */
export function unturnedBox(box, page, turn) {
  return turnedBox(box, turnedSize(page, turn), (360 - turn) % 360);
}

/** Return a box in other units, as lengths from the left top: `factor` new units for one old. */
export function scaledBox([left, top, right, bottom], factor) {
  return [left * factor, top * factor, right * factor, bottom * factor];
}

/**
 * Return how far a sheet is moved, in its own units, so that a box comes to the middle of the stage and no stage is left
 * empty where the sheet could fill it.
 */
export function centred(box, sheet, stage, scale) {
  const along = (from, to, whole, room) => {
    const visible = room / scale;
    if (whole <= visible) return (visible - whole) / 2;
    return Math.min(0, Math.max(visible - whole, visible / 2 - (from + to) / 2));
  };
  return {
    x: along(box[0], box[2], sheet.width, stage.width),
    y: along(box[1], box[3], sheet.height, stage.height),
  };
}

/** Keep a move within what still shows the sheet: at least a third of the stage. */
export function kept({ x, y }, sheet, stage, scale) {
  const along = (move, whole, room) => {
    const visible = room / scale;
    const least = Math.min(whole, visible) / 3;
    return Math.min(visible - least, Math.max(least - whole, move));
  };
  return { x: along(x, sheet.width, stage.width), y: along(y, sheet.height, stage.height) };
}

// Letters larger than this blur and are no easier to read.
const LARGEST_SCALE = 1.5;
// Two lines of print, as a share of the page's height: what is taller is not cut into strips.
const TWO_LINES = 0.026;
const MOST_STRIPS = 3;
const GAP = 4;

/**
 * Plan the enlarged piece of a page above an input: one strip, or a long line cut into strips below each other.
 * @param {number[]} box of the field, in units of `page`
 * @param {{width: number, height: number}} page size that boxes are in
 * @param {{width: number, height: number}} picture size of the picture, in its pixels
 * @param {{width: number, height: number}} room what the piece may take, in pixels of the screen
 * @returns {{strips: {x: number, y: number, width: number, height: number}[], scale: number, box: number[]}} strips in
 *   pixels of the picture, `scale` screen pixels for one of them, the box in pixels of the picture
 */
export function planCrop(box, page, picture, room) {
  const inPicture = scaledBox(box, picture.width / page.width);
  const [left, top, right, bottom] = inPicture;
  const line = Math.min(bottom - top, picture.height * TWO_LINES);
  const x = Math.max(0, left - 0.8 * line);
  const y = Math.max(0, top - 0.45 * line);
  const width = Math.max(1, Math.min(picture.width, right + 0.8 * line) - x);
  const height = Math.max(1, Math.min(picture.height, bottom + 0.45 * line) - y);
  const most = bottom - top > picture.height * TWO_LINES ? 1 : MOST_STRIPS;
  let best = null;
  for (let count = 1; count <= most; count += 1) {
    // Strips overlap by two letters, so that a word at a cut can be read whole in one of them.
    const each = width / count + (count > 1 ? 2 * line : 0);
    const scale = Math.min(LARGEST_SCALE, room.width / each, (room.height - GAP * (count - 1)) / (height * count));
    if (!best || scale > best.scale * 1.15) best = { count, each, scale };
  }
  if (best.count === 1) {
    // Room that is left shows what is printed at both sides: the label, the words that follow.
    const wide = Math.min(picture.width, room.width / best.scale);
    const from = Math.min(picture.width - wide, Math.max(0, x + width / 2 - wide / 2));
    return { strips: [{ x: from, y, width: wide, height }], scale: best.scale, box: inPicture };
  }
  const step = (width - best.each) / (best.count - 1);
  const strips = Array.from({ length: best.count }, (_, at) => ({ x: x + at * step, y, width: best.each, height }));
  return { strips, scale: best.scale, box: inPicture };
}

export const STRIP_GAP = GAP;

const SMALLEST_FRAME = 20;

/** Return a frame moved or resized by a key, within the page. */
export function nudged([left, top, right, bottom], command, step, page) {
  const [, kind, way] = /^(shift|resize)-(left|right|up|down)$/.exec(command);
  const dx = { left: -step, right: step }[way] ?? 0;
  const dy = { up: -step, down: step }[way] ?? 0;
  if (kind === "resize")
    return [
      left,
      top,
      Math.min(page.width, Math.max(left + SMALLEST_FRAME, right + dx)),
      Math.min(page.height, Math.max(top + SMALLEST_FRAME, bottom + dy)),
    ];
  const x = Math.min(page.width - right, Math.max(-left, dx));
  const y = Math.min(page.height - bottom, Math.max(-top, dy));
  return [left + x, top + y, right + x, bottom + y];
}

/** Return a frame from two corners, within the page, in whole units. */
export function frameOf([x1, y1], [x2, y2], page) {
  const within = (value, whole) => Math.round(Math.min(whole, Math.max(0, value)));
  return [
    within(Math.min(x1, x2), page.width),
    within(Math.min(y1, y2), page.height),
    within(Math.max(x1, x2), page.width),
    within(Math.max(y1, y2), page.height),
  ];
}
