// Pictures of pages, fetched once and held in memory alone: the browser keeps nothing of a paper on the disk.

export class Pictures {
  constructor() {
    this.held = new Map();
  }

  /**
   * Return a picture, ready to be drawn.
   * @param {string} address
   * @returns {Promise<HTMLImageElement>} its `src` can be used by other elements as long as it is held
   */
  get(address) {
    if (!this.held.has(address)) {
      const asked = load(address);
      this.held.set(address, asked);
      asked.catch(() => this.held.delete(address));
    }
    return this.held.get(address);
  }

  /** Let go of all pictures but those at these addresses. */
  keep(addresses) {
    for (const [address, asked] of this.held)
      if (!addresses.includes(address)) {
        this.held.delete(address);
        asked.then((image) => URL.revokeObjectURL(image.src)).catch(() => {});
      }
  }
}

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`picture: ${response.status}`);
  const image = new Image();
  image.src = URL.createObjectURL(await response.blob());
  await image.decode();
  return image;
}
