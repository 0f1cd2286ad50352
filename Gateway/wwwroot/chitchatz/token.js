/** What a token says, read without checking it: only the server can check. */
export class Token {
  constructor(raw, claims) {
    this.raw = raw;
    this.name = typeof claims.name === "string" ? claims.name : null;
    this.user = typeof claims.sub === "string" ? claims.sub : null;
    this.expiresAt = Number.isFinite(claims.exp) ? claims.exp * 1000 : null;
    // Measured between two of the server's own times, so a wrong clock here does not matter.
    this.lifetime = Number.isFinite(claims.exp - claims.iat) ? (claims.exp - claims.iat) * 1000 : null;
  }

  static read(raw) {
    if (typeof raw !== "string") return null;
    try {
      const payload = raw.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
      const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
      const claims = JSON.parse(new TextDecoder().decode(bytes));
      return claims && typeof claims === "object" ? new Token(raw, claims) : null;
    } catch {
      return null;
    }
  }
}
