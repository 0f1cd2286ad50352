import { avatar, hueOf } from "./avatar.js";
import { byId } from "./element.js";
import { peopleOf } from "./people.js";

/** The frame around the conversation: the room's header, the welcome when there is none, the person's own corner, the title. */
export class PlaceView {
  #chat;
  #people;
  #conversation;
  #drawn = null;

  constructor(chat, people, conversation) {
    this.#chat = chat;
    this.#people = people;
    this.#conversation = conversation;
    for (const type of ["state", "room"]) chat.on(type, () => this.#update());
    people.on("change", () => this.#update());
    for (const type of ["arrived", "seen", "change"]) conversation.on(type, () => this.#title());
    this.#update();
  }

  #update() {
    const { name, wanted, room, state } = this.#chat;
    const { count } = this.#people;
    const inRoom = wanted !== null;
    byId("welcome").hidden = inRoom;
    byId("conversation").hidden = !inRoom;
    byId("room-leave").hidden = !inRoom;
    byId("people-open").hidden = !inRoom;
    byId("main").classList.toggle("with-room", inRoom);
    byId("room-title").textContent = wanted ?? "ChitChatz";
    byId("room-note").textContent = !inRoom ? "No room yet"
      : room !== wanted ? (state === "online" ? "Entering…" : "Not connected")
      : count === null ? "Open to everyone on this server" : `${peopleOf(count)} here, open to everyone`;
    byId("own-name").textContent = name ?? "";
    if (name !== null && this.#drawn !== name) {
      this.#drawn = name;
      byId("own-avatar").replaceChildren(avatar(name));
    }
    byId("header-sign").className = inRoom ? `room-sign hue-${hueOf(wanted)}` : "room-sign";
    this.#title();
  }

  #title() {
    const { wanted } = this.#chat;
    const { unseen } = this.#conversation;
    document.title = `${unseen ? `(${unseen}) ` : ""}${wanted === null ? "" : `${wanted} · `}ChitChatz`;
  }
}
