/**
 * One run of a client that writes, against a server that crashes and with pages that are reloaded, all at moments that a seed chooses;
 * in one room, or wandering through `rooms`. Gives what was written in each room, what its log has in the end, and what each page was told.
 */
globalThis.chaosRun = async (ChitChatz, seed, options = {}) => {
  const { rooms = ["lobby"] } = options;
  const random = seeded(seed);
  Math.random = random;
  const time = new VirtualTime().install();
  const server = new FakeServer(options.server);
  const storage = new FakeStorage();
  const [pages, states] = [[], []];
  let open;
  const openPage = () => {
    const page = { heard: [], gaps: [], alive: true, storage: { getItem: (key) => storage.getItem(key), setItem: (key, value) => page.alive && storage.setItem(key, value), removeItem: (key) => page.alive && storage.removeItem(key) } };
    page.chat = new ChitChatz({ url: "ws://fake", storage: options.forgets ? null : page.storage, WebSocket: class { constructor(url) { if (!page.alive) throw new Error("gone"); return (page.socket = new server.Socket(url)); } } });
    page.chat.on("message", ({ seq, text }) => page.heard.push([seq, text]));
    page.chat.on("gap", (gap) => page.gaps.push(gap));
    page.chat.on("state", () => states.push(page.chat.state));
    pages.push(page);
    open = page;
  };
  openPage();
  open.chat.signIn("ann");
  open.chat.join("lobby");
  await time.advance(10);
  const written = Object.fromEntries(rooms.map((room) => [room, []]));
  for (let i = 0; i < 60; i++) {
    if (rooms.length > 1 && random() < 0.2) {
      const to = rooms[Math.floor(random() * (rooms.length + 1))];
      if (to) open.chat.join(to);
      else open.chat.leave();
    }
    const dice = random();
    if (dice < 0.7) {
      if (open.chat.wanted === null) continue;
      written[open.chat.wanted].push(`m${i}`);
      open.chat.send(`m${i}`);
    } else if (dice < 0.8) {
      server.crash();
    } else if (dice < 0.9) {
      server.start();
    } else if (dice < 0.95) {
      // A reload: the page is gone between two of its tasks, with all that it had not stored.
      open.alive = false;
      open.socket?.close(1001);
      openPage();
      if (!open.chat.resume()) {
        open.chat.signIn("ann");
        open.chat.join("lobby");
      }
    } else if (open.socket?.alive) {
      open.socket.die(1006);
    }
    await time.advance(Math.floor(random() * (dice < 0.5 ? 4 : 1500)));
  }
  server.start();
  await time.advance(120_000);
  return {
    written, logs: Object.fromEntries(rooms.map((room) => [room, server.log(room)])), left: open.chat.outbox.length,
    room: open.chat.room, wanted: open.chat.wanted, state: open.chat.state, states: [...new Set(states)],
    pages: pages.map(({ heard, gaps }) => ({ heard, gaps })),
  };
};

/** A client with a server of its own, in virtual time; what a test looks at. */
globalThis.stage = async (ChitChatz, options = {}) => {
  Math.random = seeded(1);
  const time = new VirtualTime().install();
  const server = new FakeServer(options);
  const storage = new FakeStorage();
  const events = [];
  const open = () => {
    const chat = new ChitChatz({ url: "ws://fake", storage, WebSocket: server.Socket });
    for (const type of ["message", "gap", "room", "drain", "error", "sent"]) chat.on(type, (detail) => events.push([type, type === "error" ? detail.code : detail.text ?? detail.asked ?? detail]));
    return chat;
  };
  const chat = open();
  return { time, server, storage, events, open, chat, enter: async (room = "lobby") => {
    chat.signIn("ann");
    chat.join(room);
    await time.advance(10);
  } };
};
