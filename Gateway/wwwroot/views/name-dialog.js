import { byId } from "./element.js";

const ours = new Set(["name_taken", "bad_name", "name_reserved"]);

/** Asks for a name. There is nothing to do without one, so it stays until the server has accepted one. */
export class NameDialog {
  #dialog = byId("name-dialog");
  #input = byId("name-input");
  #problem = byId("name-problem");
  #button = byId("name-submit");
  #chat;

  constructor(chat) {
    this.#chat = chat;
    byId("name-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.#dialog.addEventListener("close", () => this.#chat.state === "online" || this.#dialog.showModal());
    this.#input.addEventListener("input", () => this.#complain(""));
    chat.on("state", () => this.#update());
  }

  ask(name, problem = "") {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#input.value = name ?? "";
    this.#busy(false);
    this.#complain(problem);
    this.#input.focus();
    this.#input.select();
  }

  #submit() {
    const name = this.#input.value.trim();
    if (!name) return this.#complain("Please enter a name.");
    this.#complain("");
    this.#busy(true);
    this.#chat.signIn(name);
  }

  #update() {
    const { state, name, reason } = this.#chat;
    if (state === "refused" && ours.has(reason.code)) return this.ask(name, reason.message);
    if (!this.#dialog.open || name === null) return;
    if (state === "online") this.#dialog.close();
    else if (state === "offline") this.#complain(`${reason.message} Trying again…`);
    else if (state === "refused") {
      this.#busy(false);
      this.#complain(reason.message);
    }
  }

  #busy(busy) {
    // Not `disabled`, which would throw away the focus of somebody who pressed Enter on the button.
    this.#button.setAttribute("aria-busy", busy);
    this.#button.textContent = busy ? "Connecting…" : "Start chatting";
  }

  #complain(text) {
    this.#problem.textContent = text;
    this.#input.setAttribute("aria-invalid", text ? "true" : "false");
  }
}
