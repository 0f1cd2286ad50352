const SESSION = "chitchatz.session";
const LAST_NAME = "chitchatz.name";

/**
 * What is remembered, and where. The token lives in sessionStorage: it survives a reload, belongs to one tab, and is gone
 * with it. localStorage, which every tab and every later visit can read, only gets the last name, as a suggestion.
 * Storage may be blocked: then everything works but nothing is remembered.
 */
export class Vault {
  load() {
    const saved = attempt(() => JSON.parse(sessionStorage.getItem(SESSION)));
    return saved && typeof saved.name === "string" ? saved : null;
  }

  save({ name, jwt, room }) {
    attempt(() => sessionStorage.setItem(SESSION, JSON.stringify({ name, jwt, room })));
    attempt(() => localStorage.setItem(LAST_NAME, name));
  }

  clear() {
    attempt(() => sessionStorage.removeItem(SESSION));
  }

  get lastName() {
    return attempt(() => localStorage.getItem(LAST_NAME)) ?? "";
  }
}

function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
