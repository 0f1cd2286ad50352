/**
 * What outlives a reload, as JSON in a Storage (or what has its three methods). Storage may be missing, blocked or full: then
 * everything works, and nothing is remembered.
 */
export class Memory {
  #storage;
  #prefix;

  constructor(storage, prefix) {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  load(name) {
    return attempt(() => JSON.parse(this.#storage.getItem(`${this.#prefix}.${name}`)));
  }

  save(name, value) {
    attempt(() => this.#storage.setItem(`${this.#prefix}.${name}`, JSON.stringify(value)));
  }

  forget(name) {
    attempt(() => this.#storage.removeItem(`${this.#prefix}.${name}`));
  }
}

function attempt(action) {
  try {
    return action() ?? null;
  } catch {
    return null;
  }
}
