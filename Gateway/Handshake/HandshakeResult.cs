using ChitChatz.Gateway.Identity;
using ChitChatz.Gateway.Limits;

namespace ChitChatz.Gateway.Handshake;

/// <summary>What the handshake found out about a connection.</summary>
/// <param name="Lease">Its place among those of its address; given back when the request has ended.</param>
/// <param name="Origin">Whether a page opened it.</param>
/// <param name="Cookie">Whom its cookie proves, for a <c>register</c> without a token; usually null.</param>
public sealed record HandshakeResult(AddressLease Lease, OriginVerdict Origin, CookieClaim? Cookie);
