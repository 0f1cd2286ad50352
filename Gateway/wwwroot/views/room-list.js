import { byId, element, isolated } from "./element.js";
import { hueOf } from "./avatar.js";
import { isComposing } from "./composing.js";
import { icon } from "./icon.js";

/**
 * The rooms with their search. One tab stop: arrows, Home and End move within, Enter joins. What is typed in the search both
 * narrows the list and can become a new room.
 */
export class RoomList {
  #list = byId("room-list");
  #search = byId("room-search");
  #create = byId("room-create");
  #empty = byId("room-empty");
  #items = new Map();
  #chat;
  #pick;

  constructor(chat, pick) {
    this.#chat = chat;
    this.#pick = pick;
    for (const type of ["rooms", "outbox"]) chat.on(type, () => this.#render());
    for (const type of ["state", "room"]) chat.on(type, () => this.#mark());
    this.#search.addEventListener("input", () => this.#render());
    this.#search.addEventListener("keydown", (event) => this.#searchKey(event));
    this.#list.addEventListener("keydown", (event) => this.#listKey(event));
    this.#list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.#choose(button.dataset.room);
    });
    this.#create.addEventListener("click", () => this.#choose(this.#query));
  }

  focusSearch() {
    this.#search.focus();
    this.#search.select();
  }

  get #query() {
    return this.#search.value.trim();
  }

  /** Those of the server, and those for which something waits here: nobody else may be in them. */
  get #rooms() {
    return [...new Set([...this.#chat.rooms, ...this.#chat.outbox.map(({ room }) => room)])];
  }

  get #buttons() {
    return [...this.#list.querySelectorAll("button")];
  }

  #render() {
    const wanted = this.#query.toLowerCase();
    const shown = this.#rooms.filter((room) => room.toLowerCase().includes(wanted));
    const focused = this.#list.contains(document.activeElement);
    // Existing items are kept, so that a push from the server takes neither focus nor hover from anybody.
    const items = new Map(shown.map((room) => [room, this.#items.get(room) ?? this.#itemOf(room)]));
    for (const [room, item] of this.#items) if (!items.has(room)) item.remove();
    let before = this.#list.firstElementChild;
    for (const item of items.values()) {
      if (item === before) before = before.nextElementSibling;
      else this.#list.insertBefore(item, before);
    }
    this.#items = items;
    this.#offer(wanted, shown);
    this.#mark();
    if (focused && !this.#list.contains(document.activeElement)) this.#search.focus();
  }

  #offer(wanted, shown) {
    const exists = this.#rooms.some((room) => room.toLowerCase() === wanted);
    this.#create.hidden = !wanted || exists;
    byId("room-create-name").textContent = this.#query;
    this.#empty.hidden = shown.length > 0 || wanted !== "";
  }

  #mark() {
    const current = this.#chat.wanted;
    const buttons = this.#buttons;
    const stop = buttons.find(({ dataset }) => dataset.room === current) ?? buttons[0];
    const unsent = new Map();
    for (const { room } of this.#chat.outbox) unsent.set(room, (unsent.get(room) ?? 0) + 1);
    for (const button of buttons) {
      // Messages written there that could not be sent before it was left.
      const waiting = button.dataset.room === current ? 0 : unsent.get(button.dataset.room) ?? 0;
      button.querySelector(".room-unsent").textContent = waiting ? `${waiting} unsent` : "";
      const isCurrent = button.dataset.room === current;
      if (isCurrent) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      button.tabIndex = button === stop ? 0 : -1;
    }
  }

  #itemOf(room) {
    const sign = element("span", { class: `room-sign hue-${hueOf(room)}`, "aria-hidden": "true" }, icon("rooms"));
    return element("li", {}, element("button", { type: "button", class: "room", data: { room }, title: room }, sign, element("span", { class: "room-name" }, isolated(room)), element("span", { class: "room-unsent" })));
  }

  #choose(room) {
    this.#search.value = "";
    this.#render();
    this.#pick(room);
  }

  #searchKey(event) {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.#buttons[0]?.focus();
    } else if (event.key === "Enter" && this.#query) {
      event.preventDefault();
      const exact = this.#rooms.find((room) => room.toLowerCase() === this.#query.toLowerCase());
      this.#choose(exact ?? this.#query);
    } else if (event.key === "Escape" && this.#search.value) {
      // The first Escape clears the search, the next one may close the drawer.
      event.preventDefault();
      event.stopPropagation();
      this.#search.value = "";
      this.#render();
    }
  }

  #listKey(event) {
    const buttons = this.#buttons;
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to < 0) this.#search.focus();
    else buttons[Math.min(to, buttons.length - 1)]?.focus();
  }
}
