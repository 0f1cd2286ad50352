/** The server's address as a WebSocket's. Without one it is the server that this module came from. */
export function addressOf(url, module) {
  const address = url === undefined ? new URL("ws", module) : new URL(url);
  address.protocol = { "http:": "ws:", "https:": "wss:" }[address.protocol] ?? address.protocol;
  if (!["ws:", "wss:"].includes(address.protocol)) throw new TypeError(`Not the address of a server: ${address}. Give it as 'url'.`);
  return address.href;
}

/** The storage of this tab: it survives a reload, and is gone with the tab. Null where there is none or none is allowed. */
export function tabStorage() {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}

/** A message of the wire as it is given to listeners; null for what is none. */
export function messageOf(data, { room = data?.room, epoch = data?.epoch, user }) {
  if (typeof data?.from !== "string" || typeof data.content !== "string" || !Number.isFinite(data.seq) || !Number.isFinite(epoch)) return null;
  return {
    room, epoch, seq: data.seq, from: data.from, user: data.user ?? null, text: data.content, at: new Date(data.at), id: data.id ?? null,
    own: user !== null && data.user === user,
  };
}

/** A promise to be settled later. One that nobody waits for is no unhandled rejection. */
export function deferred() {
  let settle;
  const promise = new Promise((resolve, reject) => { settle = { resolve, reject }; });
  promise.catch(() => {});
  return { promise, ...settle };
}
