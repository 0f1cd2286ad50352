import { byId } from "./element.js";

/** Asks for a name. There is nothing to do without one, so it stays until the server has accepted one. */
export class NameDialog {
  #dialog = byId("name-dialog");
  #input = byId("name-input");
  #problem = byId("name-problem");
  #button = byId("name-submit");
  #session;
  #connection;

  constructor(session, connection) {
    this.#session = session;
    this.#connection = connection;
    byId("name-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.#dialog.addEventListener("close", () => this.#session.registered || this.#dialog.showModal());
    this.#input.addEventListener("input", () => this.#complain(""));
    session.on("refused", (text) => this.ask(session.name, text));
    session.on("change", () => this.#update());
    connection.on("phase", () => this.#update());
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
    this.#session.signIn(name);
  }

  #update() {
    if (!this.#dialog.open || this.#session.name === null) return;
    const { phase, reason } = this.#connection;
    if (this.#session.registered) this.#dialog.close();
    else if (phase === "waiting") this.#complain(`${reason} Trying again…`);
    else if (phase === "stopped") {
      this.#busy(false);
      this.#complain(reason);
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
