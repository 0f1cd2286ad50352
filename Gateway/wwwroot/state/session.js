import { Emitter } from "../emitter.js";
import * as events from "../net/events.js";
import { Token } from "../net/token.js";
import { aboutMessage, needsRegistration, worthRetrying } from "./refusal.js";

const REQUEST_MS = 15_000;
const REJOIN_MS = 2_000;
const REJOINS = 5;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Who we are and where. One request (register, join, leave) is under way at a time, because version 1 answers all three with
 * the same `register` and an `error` names no request. What the person wants is `wanted`, what the server confirmed is `room`;
 * `#settle` works off the difference, now and after every reconnect.
 * Emits `change`, `rooms`, `message` {from, text}, `entered` {room, again}, `renamed` {from, to}, `refused` text, `error` text.
 */
export class Session extends Emitter {
  #connection;
  #vault;
  #outbox;
  #request = null;
  #requestTimer = 0;
  #refreshTimer = 0;
  #rejoinTimer = 0;
  #rejoins = 0;
  #lostAt = 0;

  name = null;
  token = null;
  room = null;
  wanted = null;
  rooms = [];
  registered = false;

  constructor(connection, vault, outbox) {
    super();
    this.#connection = connection;
    this.#vault = vault;
    this.#outbox = outbox;
    connection.on("open", () => this.#ask("register", events.REGISTER, { name: this.name }));
    connection.on("frame", (frame) => this.#receive(frame));
    connection.on("lost", () => this.#lost());
  }

  /** Continues what this tab remembers, if it does. */
  resume() {
    const saved = this.#vault.load();
    if (!saved) return false;
    this.name = saved.name;
    this.token = Token.read(saved.jwt);
    this.wanted = typeof saved.room === "string" ? saved.room : null;
    this.#connection.start();
    this.emit("change");
    return true;
  }

  signIn(name) {
    this.name = name;
    this.#connection.start();
    this.emit("change");
  }

  signOut() {
    this.#vault.clear();
    this.#lostAt = 0;
    Object.assign(this, { name: null, token: null, room: null, wanted: null, rooms: [] });
    this.#connection.stop();
    this.#outbox.clear();
    this.emit("rooms");
    this.emit("change");
  }

  join(room) {
    this.wanted = room;
    this.#rejoins = REJOINS;
    this.#settle();
  }

  leave() {
    this.wanted = null;
    this.#settle();
  }

  get canSend() {
    return this.registered && !this.#request && this.room !== null && this.room === this.wanted;
  }

  /** False when it cannot be sent now; then nothing happened and the text is still the caller's. */
  say(text) {
    if (!this.canSend || !this.#send(events.MESSAGE, { data: text })) return false;
    this.#outbox.add(this.room, text);
    return true;
  }

  /** After sleep or a change of network: a line that is dead without knowing it shows itself by not answering. */
  probe() {
    if (this.registered && !this.#request) this.#send(events.GET_ROOM);
  }

  #send(event, fields) {
    return this.#connection.send(event, fields, this.token?.raw);
  }

  #ask(kind, event, fields) {
    if (!this.#send(event, fields)) return;
    this.#request = { kind, room: fields?.room ?? null };
    clearTimeout(this.#requestTimer);
    this.#requestTimer = setTimeout(() => this.#connection.drop("The server does not answer."), REQUEST_MS);
    this.emit("change");
  }

  #answered() {
    const request = this.#request;
    this.#request = null;
    clearTimeout(this.#requestTimer);
    return request;
  }

  #settle() {
    if (this.registered && !this.#request && this.room !== this.wanted) {
      if (this.wanted === null) this.#ask("leave", events.LEAVE_ROOM);
      else this.#ask("join", events.JOIN_ROOM, { room: this.wanted });
    }
    this.#remember();
    this.emit("change");
  }

  #receive(frame) {
    if (frame.jwt) this.#take(frame.jwt);
    switch (frame.event) {
      case events.REGISTER: return this.#confirmed(this.#answered());
      case events.ROOMS: return this.#listed(frame.data);
      case events.ROOM: return this.#placed(frame.data);
      case events.MESSAGE: return this.#heard(frame.data);
      case events.ERROR: return this.#failed(frame);
    }
  }

  /** Any frame may bring a fresh token. A quiet client asks for one by asking anything before half of the life is long gone. */
  #take(raw) {
    const token = Token.read(raw);
    if (!token) return;
    this.token = token;
    this.#remember();
    clearTimeout(this.#refreshTimer);
    const ask = () => {
      this.#send(events.GET_ROOMS);
      this.#refreshTimer = setTimeout(ask, 60_000);
    };
    if (token.lifetime > 0) this.#refreshTimer = setTimeout(ask, Math.min(DAY_MS, Math.max(30_000, token.lifetime * 0.6)));
  }

  #confirmed(request) {
    if (!request) return;
    if (request.kind === "register") {
      this.registered = true;
      this.room = null;
      this.name = this.token?.name ?? this.name;
      this.#send(events.GET_ROOMS);
    } else if (request.kind === "join") {
      this.#joined(request.room, this.token?.room ?? request.room);
    } else {
      this.room = null;
    }
    this.#settle();
  }

  #joined(asked, room) {
    // The server may know the room by another spelling; the first one wins and is what everybody sees.
    if (room !== asked) this.emit("renamed", { from: asked, to: room });
    if (this.wanted === asked) this.wanted = room;
    this.room = room;
    this.#rejoins = REJOINS;
    this.emit("entered", { room, lostAt: this.#lostAt });
    this.#lostAt = 0;
  }

  #listed(rooms) {
    if (!Array.isArray(rooms)) return;
    this.rooms = rooms.filter((room) => typeof room === "string");
    this.emit("rooms");
  }

  #placed(room) {
    if (this.#request || room === this.room) return;
    this.room = typeof room === "string" ? room : null;
    this.#settle();
  }

  #heard(data) {
    if (this.room === null || typeof data?.from !== "string" || typeof data.content !== "string") return;
    const own = data.from === this.name;
    if (own) this.#outbox.echo(this.room, data.content);
    this.emit("message", { from: data.from, text: data.content, own });
  }

  #failed({ data, code }) {
    const text = (Array.isArray(data) ? data : [data]).filter((line) => typeof line === "string").join(" ") || "The server refused that.";
    const message = this.#outbox.hasPending && aboutMessage(code, this.#request);
    if (message) this.#outbox.refuse(text);
    if (this.registered && needsRegistration(code)) return this.#connection.drop("The session is being renewed.", "spread");
    if (message) {
      // We were wrong about where we are: go back in, so that the next text arrives.
      if (code === "not_in_room" && !this.#request) this.room = null;
      this.emit("error", text);
      return this.#settle();
    }
    const request = this.#answered();
    if (request?.kind === "register") return this.#refused(code, text);
    if (request?.kind === "join") return this.#kept(code, text);
    // A leave that is refused means that there is nothing to leave.
    if (request?.kind === "leave") this.room = null;
    else this.emit("error", text);
    this.#settle();
  }

  #refused(code, text) {
    if (worthRetrying(code)) return this.#connection.drop(text, "slow");
    this.#connection.stop();
    this.emit("refused", text);
  }

  #kept(code, text) {
    if (this.room === null && worthRetrying(code) && this.#rejoins-- > 0) {
      this.#rejoinTimer = setTimeout(() => this.#settle(), REJOIN_MS * (1 + Math.random()));
      return this.emit("change");
    }
    this.wanted = this.room;
    this.emit("error", text);
    this.#settle();
  }

  #lost() {
    this.#answered();
    clearTimeout(this.#refreshTimer);
    clearTimeout(this.#rejoinTimer);
    if (this.room !== null) this.#lostAt = Date.now();
    this.registered = false;
    this.room = null;
    this.#outbox.lost();
    this.emit("change");
  }

  #remember() {
    if (this.name !== null && this.token) this.#vault.save({ name: this.name, jwt: this.token.raw, room: this.wanted });
  }
}
