import { byId } from "./element.js";

/** On narrow pages the rooms live in a drawer; on wide ones they are always there and this does nothing. */
export class Drawer {
  #side = byId("side");
  #main = byId("main");
  #scrim = byId("scrim");
  #button = byId("drawer-open");
  #narrow = matchMedia("(max-width: 760px)");
  #open = false;

  constructor() {
    this.#button.addEventListener("click", () => this.open());
    byId("drawer-close").addEventListener("click", () => this.close());
    this.#scrim.addEventListener("click", () => this.close());
    this.#side.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.#narrow.addEventListener("change", () => this.#apply(false));
    this.#apply(false);
  }

  open() {
    this.#apply(true);
    if (this.#narrow.matches) byId("drawer-close").focus();
  }

  close() {
    if (!this.#open) return;
    this.#apply(false);
    this.#button.focus();
  }

  #apply(open) {
    this.#open = open && this.#narrow.matches;
    this.#side.classList.toggle("open", this.#open);
    this.#scrim.hidden = !this.#open;
    // What lies beneath cannot be reached by Tab or a screen reader, in either state.
    this.#side.inert = this.#narrow.matches && !this.#open;
    this.#main.inert = this.#open;
    this.#button.setAttribute("aria-expanded", this.#open);
  }
}
