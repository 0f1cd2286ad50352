// Timers and chance that a test turns by hand: nothing here waits, and a seed tells all that happens.
globalThis.VirtualTime = class {
  #now = 1_800_000_000_000;
  #timers = new Map();
  #lastId = 0;

  install() {
    globalThis.setTimeout = (run, ms = 0) => {
      this.#timers.set(++this.#lastId, { at: this.#now + Math.max(0, ms), run });
      return this.#lastId;
    };
    globalThis.clearTimeout = (id) => void this.#timers.delete(id);
    Date.now = () => this.#now;
    return this;
  }

  get waiting() {
    return this.#timers.size;
  }

  /** Lets what is due happen, in order, and what follows from it. */
  async advance(ms) {
    const until = this.#now + ms;
    await this.#quiet();
    for (;;) {
      let next = null;
      for (const [id, timer] of this.#timers) if (timer.at <= until && (!next || timer.at < next.at)) next = { id, ...timer };
      if (!next) break;
      this.#timers.delete(next.id);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await this.#quiet();
    }
    this.#now = until;
  }

  async #quiet() {
    for (let i = 0; i < 10; i++) await null;
  }
};

/** Repeatable chance (mulberry32). */
globalThis.seeded = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
