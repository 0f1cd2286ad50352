namespace ChitChatz.Protocol;

/// <summary>A refusal as it goes over the wire.</summary>
/// <param name="Code">A row of the table <see cref="ErrorCodes"/>.</param>
/// <param name="Message">What is wrong, for people; never contains a token or more than 100 characters of the client's input.</param>
public sealed record ProtocolError(ErrorCode Code, string Message);
