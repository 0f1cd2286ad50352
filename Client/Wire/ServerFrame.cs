using System.Globalization;
using System.Text.Json;

namespace ChitChatz.Client.Wire;

/// <summary>A server's frame. Unknown events, fields and claims are passed over; a known field of another type is an <see cref="InvalidDataException"/>.</summary>
/// <remarks>Valid as long as the document that it was read from.</remarks>
internal readonly struct ServerFrame
{
    private readonly JsonElement _root;

    private ServerFrame(JsonElement root) => (_root, Event) = (root, root.Text("event"));

    /// <summary>The event's name.</summary>
    public string Event { get; }

    /// <summary>Which request it answers; null for a push.</summary>
    public string? Id => _root.TextOrNull("id");

    /// <summary>A fresh token; null for none.</summary>
    public string? Jwt => _root.TextOrNull("jwt");

    /// <summary>The content.</summary>
    public JsonElement Data => _root.Member("data");

    /// <summary>Reads a frame.</summary>
    /// <exception cref="InvalidDataException">It is not an object with an event.</exception>
    public static ServerFrame Read(JsonDocument document) =>
        document.RootElement.ValueKind == JsonValueKind.Object ? new ServerFrame(document.RootElement) : throw new InvalidDataException("A frame is not a JSON object.");

    /// <summary>An error, as the exception that it means to a caller.</summary>
    public ChatException ReadError()
    {
        var texts = Data.ValueKind == JsonValueKind.Array ? Data.EnumerateArray().Select(static text => text.AsText()).OfType<string>() : [];
        var code = _root.TextOrNull("code");
        return new ChatException(ChatFailure.Refused, $"{string.Join(' ', texts)} ({code})")
        {
            Code = code,
            MayRetry = _root.TryGetProperty("retry", out var retry) && retry.ValueKind == JsonValueKind.True,
            RetryAfter = _root.IntegerOrNull("retry_after_ms") is { } wait ? TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, 3_600_000)) : null,
        };
    }

    /// <summary>A pushed message.</summary>
    public ChatMessage ReadMessage() => ReadMessage(Data, Data.Text("room"), Data.Integer("epoch"));

    /// <summary>A piece of the log.</summary>
    public ChatHistory ReadHistory()
    {
        var (room, epoch) = (Data.Text("room"), Data.Integer("epoch"));
        List<ChatMessage> messages = [];
        foreach (var message in Data.Items("messages"))
            messages.Add(ReadMessage(message, room, epoch));
        return new ChatHistory(room, epoch, messages, Data.Flag("more"));
    }

    /// <summary>The answer to a join.</summary>
    public JoinAnswer ReadJoin() => new(Data.Text("room"), Data.Integer("epoch"), Data.Integer("head"), Data.Flag("recovered"));

    /// <summary>An acknowledgement.</summary>
    public ChatReceipt ReadReceipt() => new(
        _root.Text("id"),
        new ChatPosition(Data.Integer("epoch"), Data.Integer("seq")),
        Time(Data),
        Data.TryGetProperty("duplicate", out var duplicate) && duplicate.ValueKind == JsonValueKind.True);

    /// <summary>Who is in the room.</summary>
    public ChatMembers ReadMembers() => new(Data.Text("room"), (int)Data.Integer("count"), [.. Texts(Data.Items("members"))]);

    /// <summary>The list of rooms.</summary>
    public IReadOnlyList<string> ReadRooms() => [.. Texts(_root.Items("data"))];

    /// <summary>Joined, left or typing.</summary>
    public ChatPresence ReadPresence(ChatPresenceKind kind) => new(kind, Data.TextOrNull("name"), (int?)Data.IntegerOrNull("count"));

    private static ChatMessage ReadMessage(JsonElement data, string room, long epoch) => new(
        room,
        new ChatPosition(epoch, data.Integer("seq")),
        Time(data),
        data.Text("from"),
        data.Text("user"),
        data.TextOrNull("id"),
        data.Text("content"));

    private static DateTimeOffset Time(JsonElement data) =>
        DateTimeOffset.TryParse(data.Text("at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : throw new InvalidDataException("A time is not RFC 3339.");

    private static IEnumerable<string> Texts(JsonElement.ArrayEnumerator items)
    {
        foreach (var item in items)
            yield return item.AsText() ?? throw new InvalidDataException("A name is not a string.");
    }
}
