import { Emitter } from "./emitter.js";
import { ChatError, needsRegistration, offline, refusesName } from "./errors.js";
import { Requests } from "./requests.js";
import { Timers } from "./timers.js";
import { Token } from "./token.js";
import { deferred } from "./values.js";

const AWAKE_MS = 5_000;
const QUIET_MS = 45_000;
const AGAIN_MS = 60_000;

/**
 * Who we are. What the person wants is `name`; whether the server has us under it is `registered`.
 * Beside the events that ChitChatz gives on: `registered` (with a new connection, outside of any room), `frame` (of a room), `place` (the
 * room that the server has us in, which nobody asked for) and `lost`.
 */
export class Session extends Emitter {
  #connection;
  #memory;
  #requests;
  #timers = new Timers();
  // Set by signIn until the server has accepted the name: the token would bring back the one that it names.
  #renaming = false;
  #signing = null;

  token = null;
  name = null;
  rooms = [];
  registered = false;
  /** Gives the join that a new connection begins with, `{fields, answered, failed}`, or null: one round trip instead of two. */
  entrance = () => null;

  constructor(connection, memory) {
    super();
    this.#connection = connection;
    this.#memory = memory;
    this.#requests = new Requests(connection);
    connection.on("phase", () => this.emit("state"));
    connection.on("open", () => this.#authenticate());
    connection.on("frame", (frame) => this.#receive(frame));
    connection.on("lost", () => this.#lost());
  }

  get user() { return this.token?.user ?? null; }

  /** Takes up what storage remembers; false when that is nothing. */
  restore() {
    const saved = this.#memory.load("session");
    if (typeof saved?.name !== "string") return false;
    this.name = saved.name;
    this.token = Token.read(saved.jwt);
    return true;
  }

  /** Registers under a name, as the same person as before if there is a token. */
  signIn(name) {
    this.#signing?.reject(new ChatError("superseded", "Another name was given."));
    this.#signing = deferred();
    this.#renaming = true;
    this.name = name;
    // One that is open already was asked for another name.
    if (this.#connection.phase === "open") this.#connection.drop("The name is being changed.", { again: "now" });
    else this.#connection.start();
    return this.#signing.promise;
  }

  signOut() {
    this.#signing?.reject(new ChatError("closed", "Signed out."));
    this.#signing = null;
    this.#renaming = false;
    Object.assign(this, { token: null, name: null, rooms: [] });
    this.#memory.forget("session");
    this.#connection.stop();
    this.emit("rooms", []);
    this.emit("state");
  }

  /** After sleep or a change of network: find out now, not when the next pause ends. */
  wake() {
    if (this.#connection.phase === "waiting") this.#connection.retryNow();
    else if (this.registered) this.#probe(AWAKE_MS);
  }

  request(event, fields) {
    if (!this.registered) return Promise.reject(offline("There is no connection."));
    return new Promise((answered, failed) => this.ask(event, fields, { answered, failed }));
  }

  ask(...request) { this.#requests.ask(...request); }

  /** The server does not know us any more: a new connection registers again. */
  renew() {
    this.#connection.drop("The session is being renewed.", { again: "spread" });
  }

  #authenticate() {
    const entrance = this.token && !this.#renaming ? this.entrance() : null;
    if (!entrance) return this.#register();
    this.ask("join_room", { v: 2, jwt: this.token.raw, ...entrance.fields }, {
      answered: (frame) => this.#signedIn(() => entrance.answered(frame)),
      failed: (error) => {
        if (needsRegistration(error)) return this.#register();
        // These two come from the join, behind the door that the token opened.
        if (!["bad_room", "rate_limited"].includes(error.code)) return this.#notRegistered(error);
        this.#signedIn(() => entrance.failed(error));
      },
    });
  }

  #register() {
    this.ask("register", { v: 2, name: this.name, jwt: this.token?.raw }, {
      answered: () => this.#signedIn(() => this.emit("registered")),
      failed: (error) => this.#notRegistered(error),
    });
  }

  #notRegistered(error) {
    if (error.code === "offline") return;
    if (error.retry && !refusesName(error)) return this.#connection.drop(error.message, { atLeastMs: error.retryAfterMs });
    this.#connection.stop(error);
    if (this.#signing) this.#signing.reject(error);
    else this.emit("error", error);
    this.#signing = null;
  }

  /** `proceed` goes on with the rooms before anybody else hears of it. */
  #signedIn(proceed) {
    this.registered = true;
    this.#renaming = false;
    this.name = this.token?.name ?? this.name;
    this.#remember();
    this.ask("get_rooms", {}, { answered: ({ data }) => this.#listed(data), failed: () => {} });
    proceed();
    this.#signing?.resolve({ name: this.name, user: this.user });
    this.#signing = null;
    this.emit("state");
  }

  #receive(frame) {
    if (frame.jwt) this.#take(frame.jwt);
    this.#timers.set("quiet", QUIET_MS, () => this.#probe());
    const request = typeof frame.id === "string" ? this.#requests.take(frame.id) : undefined;
    if (request) return frame.event === "error" ? request.failed(ChatError.of(frame)) : request.answered(frame);
    switch (frame.event) {
      case "message": case "gap": case "joined": case "left": case "typing": return this.emit("frame", frame);
      case "rooms": return this.#listed(frame.data);
      case "drain": return this.#drained(frame.data);
      case "error": return this.emit("error", ChatError.of(frame));
    }
  }

  #listed(rooms) {
    if (!Array.isArray(rooms)) return;
    this.rooms = rooms.filter((room) => typeof room === "string");
    this.emit("rooms", [...this.rooms]);
  }

  /** This gateway goes away. Everybody moves at a moment of their own, so that the others are not met by all at once. */
  #drained({ after_ms: afterMs }) {
    if (this.#timers.runs("drain")) return;
    this.#timers.set("drain", Math.random() * afterMs, () => this.#connection.drop("The server is restarting.", { again: "now" }));
    this.emit("drain", { afterMs });
  }

  /** Any frame may bring a fresh token; a client that hears nothing asks for one before the old one is spent. */
  #take(raw) {
    const token = Token.read(raw);
    if (!token) return;
    this.token = token;
    this.#remember();
    if (token.lifetime > 0) this.#timers.set("refresh", token.lifetime * 0.6, () => this.#refresh());
  }

  #refresh() {
    this.#timers.set("refresh", AGAIN_MS, () => this.#refresh());
    this.ask("refresh", {}, { answered: () => {}, failed: (error) => needsRegistration(error) && this.renew() });
  }

  /** Every request has an answer, so silence means a dead line; and the answer says where the server thinks we are. */
  #probe(timeoutMs) {
    this.ask("get_room", {}, {
      answered: ({ data }) => this.emit("place", data),
      failed: (error) => needsRegistration(error) && this.renew(),
    }, timeoutMs);
  }

  #lost() {
    this.registered = false;
    this.#timers.clearAll();
    this.#requests.failAll(this.#connection.reason?.message ?? "Signed out.");
    this.emit("lost");
  }

  #remember() {
    if (this.name !== null && this.token && !this.#renaming) this.#memory.save("session", { name: this.name, jwt: this.token.raw });
  }
}
