import { byId } from "./element.js";
import { openDialog } from "./dialog.js";

/** Theme and density, in force as soon as they are picked. */
export class SettingsDialog {
  #dialog = byId("settings-dialog");
  #settings;

  constructor(settings) {
    this.#settings = settings;
    this.#dialog.addEventListener("change", ({ target }) => settings.set(target.name, target.value));
    byId("settings-form").addEventListener("submit", (event) => event.preventDefault());
    settings.on("change", () => this.#show());
  }

  open() {
    this.#show();
    openDialog(this.#dialog);
  }

  #show() {
    for (const input of this.#dialog.querySelectorAll("input[type=radio]")) input.checked = this.#settings.get(input.name) === input.value;
  }
}
