/** Growing pauses with jitter, so that a server which comes back is not met by everybody at once. */
export class Backoff {
  #attempts = 0;

  constructor(firstMs = 500, longestMs = 30_000, random = Math.random) {
    this.firstMs = firstMs;
    this.longestMs = longestMs;
    this.random = random;
  }

  /** Half of the pause is fixed, half is chance. */
  next() {
    const ceiling = Math.min(this.longestMs, this.firstMs * 2 ** Math.min(this.#attempts++, 16));
    return ceiling / 2 + (this.random() * ceiling) / 2;
  }

  reset() {
    this.#attempts = 0;
  }
}
