/** The smallest publish and subscribe: one list of listeners per event. */
export class Emitter {
  #listeners = new Map();

  /** Listens; the answer, called, ends that. */
  on(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  emit(type, detail) {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) {
      try {
        listener(detail);
      } catch (error) {
        // A listener's mistake is reported as any uncaught one, and neither the others nor the protocol stop for it.
        queueMicrotask(() => { throw error; });
      }
    }
  }
}
