import { avatar, hueOf } from "./avatar.js";
import { byId } from "./element.js";

/** The frame around the conversation: the room's header, the welcome when there is none, the person's own corner, the title. */
export class PlaceView {
  #unread = 0;

  constructor(session) {
    this.session = session;
    session.on("change", () => this.#update());
    document.addEventListener("visibilitychange", () => this.#seen());
    this.#update();
  }

  /** A message came; it counts in the title when nobody is looking. */
  heard() {
    if (!document.hidden) return;
    this.#unread++;
    this.#title();
  }

  #seen() {
    if (document.hidden) return;
    this.#unread = 0;
    this.#title();
  }

  #update() {
    const { name, wanted, room, registered } = this.session;
    const inRoom = wanted !== null;
    byId("welcome").hidden = inRoom;
    byId("conversation").hidden = !inRoom;
    byId("room-leave").hidden = !inRoom;
    byId("room-title").textContent = wanted ?? "ChitChatz";
    byId("room-note").textContent = !inRoom ? "No room yet" : room === wanted ? "Open to everyone on this server" : registered ? "Entering…" : "Waiting for the connection";
    byId("own-name").textContent = name ?? "";
    const place = byId("own-avatar");
    if (name !== null && place.dataset.name !== name) {
      place.dataset.name = name;
      place.replaceChildren(avatar(name));
    }
    byId("header-sign").className = inRoom ? `room-sign hue-${hueOf(wanted)}` : "room-sign";
    this.#title();
  }

  #title() {
    const { wanted } = this.session;
    document.title = `${this.#unread ? `(${this.#unread}) ` : ""}${wanted === null ? "" : `${wanted} · `}ChitChatz`;
  }
}
