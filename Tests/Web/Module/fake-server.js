// A server of version 2 in the page, as far as the client's promises depend on it, which can be cut at any moment. Needs virtual time.
globalThis.FakeServer = class {
  sockets = new Set();
  /** Every socket that was ever asked for, dead ones too. */
  opened = [];
  up = true;
  rooms = new Map();
  epoch = 7;
  /** What it does instead of answering a frame, by event: `(frame, socket) => true` when it was dealt with. */
  instead = {};

  constructor({ knowsIds = true, replays = 300, latency = 1, lifetime = 3600 } = {}) {
    Object.assign(this, { knowsIds, replays, latency, lifetime });
    const server = this;
    this.Socket = class extends EventTarget {
      sent = [];
      closedWith = null;
      alive = true;

      constructor(url) {
        super();
        this.url = url;
        server.opened.push(this);
        setTimeout(() => server.up ? server.accept(this) : this.die(1006), server.latency);
      }

      send(text) {
        const frame = JSON.parse(text);
        this.sent.push(frame);
        setTimeout(() => this.alive && server.sockets.has(this) && server.handle(this, frame), server.latency);
      }

      close(code) {
        this.closedWith = code;
        this.alive = false;
        server.sockets.delete(this);
      }

      /** What the server says; lost when the connection dies before it arrives. */
      say(frame) {
        setTimeout(() => this.alive && this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) })), server.latency);
      }

      die(code = 1006, reason = "") {
        if (!this.alive) return;
        this.alive = false;
        server.sockets.delete(this);
        this.dispatchEvent(new CloseEvent("close", { code, reason }));
      }
    };
  }

  get socket() {
    return this.opened.at(-1);
  }

  /** All texts of a room's log. */
  log(room) {
    return (this.rooms.get(room) ?? []).map(({ content }) => content);
  }

  accept(socket) {
    if (!socket.alive) return;
    this.sockets.add(socket);
    socket.dispatchEvent(new Event("open"));
  }

  /** Everybody is cut, without a word; what was on its way is lost. */
  crash() {
    this.up = false;
    for (const socket of [...this.sockets]) socket.die(1006);
  }

  start() {
    this.up = true;
  }

  token(socket) {
    const now = Math.floor(Date.now() / 1000);
    return `h.${btoa(JSON.stringify({ name: socket.name, sub: socket.user, room: socket.room ?? null, iat: now, exp: now + this.lifetime }))}.s`;
  }

  handle(socket, frame) {
    if (this.instead[frame.event]?.(frame, socket)) return;
    if (frame.jwt && !socket.user) {
      const claims = JSON.parse(atob(frame.jwt.split(".")[1]));
      [socket.name, socket.user] = [claims.name, claims.sub];
    }
    this[`on_${frame.event}`](socket, frame);
  }

  refuse(socket, frame, code, more = {}) {
    socket.say({ event: "error", id: frame.id, code, data: [code], retry: false, ...more });
  }

  on_register(socket, frame) {
    socket.name = frame.name;
    socket.user ??= `user of ${frame.name}`;
    socket.room = null;
    socket.say({ event: "register", id: frame.id, data: {}, jwt: this.token(socket) });
  }

  on_get_rooms(socket, frame) {
    socket.say({ event: "rooms", id: frame.id, data: [...this.rooms.keys()] });
  }

  on_get_room(socket, frame) {
    socket.say({ event: "room", id: frame.id, data: socket.room ?? null });
  }

  on_refresh(socket, frame) {
    socket.say({ event: "register", id: frame.id, data: {}, jwt: this.token(socket) });
  }

  on_leave_room(socket, frame) {
    socket.room = null;
    socket.say({ event: "register", id: frame.id, data: {}, jwt: this.token(socket) });
  }

  on_join_room(socket, frame) {
    const room = frame.room.toLowerCase();
    const log = this.rooms.get(room) ?? this.rooms.set(room, []).get(room);
    const { after } = frame;
    const recovered = after?.epoch === this.epoch && after.seq <= log.length && log.length - after.seq <= this.replays;
    socket.room = room;
    socket.say({ event: "register", id: frame.id, data: { room, epoch: this.epoch, head: log.length, recovered }, jwt: this.token(socket) });
    if (recovered) for (const data of log.slice(after.seq)) socket.say({ event: "message", data });
  }

  on_message(socket, frame) {
    if (!socket.room) return this.refuse(socket, frame, "not_in_room");
    if (frame.room.toLowerCase() !== socket.room) return this.refuse(socket, frame, "wrong_room");
    const log = this.rooms.get(socket.room);
    const known = this.knowsIds && log.find(({ id, user }) => id === frame.id && user === socket.user);
    const stored = known || { room: socket.room, epoch: this.epoch, seq: log.length + 1, at: new Date(Date.now()).toISOString(), from: socket.name, user: socket.user, content: frame.data, id: frame.id };
    if (!known) {
      log.push(stored);
      for (const other of this.sockets) if (other.room === socket.room) other.say({ event: "message", data: stored });
    }
    const { room, epoch, seq, at } = stored;
    socket.say({ event: "ack", id: frame.id, data: { room, epoch, seq, at, ...(known ? { duplicate: true } : {}) } });
  }

  on_typing() {}
};

/** A Storage of its own, which can be taken away from a page that is gone. */
globalThis.FakeStorage = class {
  values = new Map();
  getItem(key) { return this.values.get(key) ?? null; }
  setItem(key, value) { this.values.set(key, value); }
  removeItem(key) { this.values.delete(key); }
};
