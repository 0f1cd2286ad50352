import { byId } from "./element.js";
import { openDialog } from "./dialog.js";

/** Makes a room, or joins the one that has the name already: to the server that is the same. */
export class RoomDialog {
  #dialog = byId("room-dialog");
  #input = byId("room-input");
  #problem = byId("room-problem");

  constructor(join) {
    byId("room-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const room = this.#input.value.trim();
      this.#problem.textContent = room ? "" : "Please enter a name for the room.";
      if (!room) return;
      this.#dialog.close();
      join(room);
    });
  }

  open(name = "") {
    this.#input.value = name;
    this.#problem.textContent = "";
    openDialog(this.#dialog);
    this.#input.select();
  }
}
