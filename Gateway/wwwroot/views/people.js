import { avatar } from "./avatar.js";
import { byId, element, isolated } from "./element.js";
import { openPanel } from "./panel.js";

const sorter = new Intl.Collator();

/** Who is in the room: a number in the header, and a list at the side for those who want it. */
export class PeopleView {
  #people;
  #chat;
  #list = byId("people-list");
  #items = new Map();

  constructor(people, chat) {
    this.#people = people;
    this.#chat = chat;
    people.on("change", () => this.#update());
    people.on("typing", () => this.#typing());
    openPanel(byId("people"), byId("people-open"), byId("people-close"));
  }

  #update() {
    const { count, names } = this.#people;
    byId("people-count").textContent = count ?? "–";
    byId("people-open").setAttribute("aria-label", count === null ? "People" : `People: ${peopleOf(count)} here`);
    byId("people-note").textContent = count === null ? "Not known without a connection." : names ? peopleOf(count) : `${peopleOf(count)}: too many to list.`;
    const items = new Map([...(names ?? [])].sort(sorter.compare).map((name) => [name, this.#items.get(name) ?? this.#itemOf(name)]));
    this.#list.replaceChildren(...items.values());
    this.#items = items;
  }

  #itemOf(name) {
    return element("li", { class: "person", title: name },
      element("span", { class: "person-face" }, avatar(name), element("span", { class: "presence" })),
      element("span", { class: "person-name" }, isolated(name), name === this.#chat.name ? element("span", { class: "person-you", text: " (you)" }) : null),
      element("span", { class: "visually-hidden", text: "online" }));
  }

  #typing() {
    const { typing } = this.#people;
    const names = typing.slice(0, 2).map(isolated);
    const words = typing.length === 1 ? [names[0], " is typing…"] : typing.length === 2 ? [names[0], " and ", names[1], " are typing…"] : ["Several people are typing…"];
    byId("typing").replaceChildren(...(typing.length ? words : []));
  }
}

export const peopleOf = (count) => `${count} ${count === 1 ? "person" : "people"}`;
