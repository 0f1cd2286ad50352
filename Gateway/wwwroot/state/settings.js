import { Emitter } from "../chitchatz/emitter.js";

const KEY = "chitchatz.settings";
const choices = { theme: ["system", "light", "dark"], density: ["comfortable", "compact"] };

/** How the client looks. Kept in localStorage and shown as attributes of the root element, where the style sheets read it. */
export class Settings extends Emitter {
  #root;

  constructor(root = document.documentElement) {
    super();
    this.#root = root;
    // Another tab changed it: follow.
    addEventListener("storage", (event) => event.key === KEY && this.#read(event.newValue));
  }

  get(name) {
    return this.#root.dataset[name] ?? choices[name][0];
  }

  set(name, value) {
    if (!choices[name]?.includes(value)) return;
    this.#root.dataset[name] = value;
    try {
      localStorage.setItem(KEY, JSON.stringify({ theme: this.get("theme"), density: this.get("density") }));
    } catch {
      // Not remembered, but in force until the page is left.
    }
    this.emit("change");
  }

  #read(json) {
    try {
      const saved = JSON.parse(json) ?? {};
      for (const name of Object.keys(choices)) this.#root.dataset[name] = choices[name].includes(saved[name]) ? saved[name] : choices[name][0];
      this.emit("change");
    } catch {
      // Not ours: keep what we have.
    }
  }
}
