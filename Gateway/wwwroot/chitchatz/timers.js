// Longer ones would run at once.
const LONGEST_MS = 2 ** 31 - 1;

/** Timers by name; setting one again replaces it. */
export class Timers {
  #running = new Map();

  set(name, ms, run) {
    this.clear(name);
    this.#running.set(name, setTimeout(() => {
      this.#running.delete(name);
      run();
    }, Math.min(ms, LONGEST_MS)));
  }

  runs(name) {
    return this.#running.has(name);
  }

  clearAll() {
    for (const name of [...this.#running.keys()]) this.clear(name);
  }

  clear(name) {
    clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }
}
