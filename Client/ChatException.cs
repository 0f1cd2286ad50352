namespace ChitChatz.Client;

/// <summary>Something that was asked of the client did not happen, or nobody knows whether it did.</summary>
public sealed class ChatException : Exception
{
    internal ChatException(ChatFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>The kind of failure.</summary>
    public ChatFailure Failure { get; }

    /// <summary>
    /// The server's stable word for a refusal, such as <c>name_taken</c> or <c>bad_room</c>; null when no server answered. The words are
    /// listed in <c>ChitChatz.Protocol.ErrorCodes</c>.
    /// </summary>
    public string? Code { get; internal init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool MayRetry { get; internal init; }

    /// <summary>How long the server asks to wait before that; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>The status of the WebSocket's close frame (RFC 6455 section 7.4, and <c>ChitChatz.Protocol.CloseCodes</c>); null when there was none.</summary>
    public int? CloseStatus { get; internal init; }
}
