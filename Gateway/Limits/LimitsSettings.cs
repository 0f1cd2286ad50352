using ChitChatz.Hosting.Configuration;

namespace ChitChatz.Gateway.Limits;

/// <summary>The section <c>Limits</c>: they stop floods, not people, offices behind one address, bots or test suites.</summary>
public sealed class LimitsSettings : ISettings
{
    /// <summary>The section's name.</summary>
    public static string Section => "Limits";

    /// <summary>
    /// False switches all rates off at once, the connections per address among them: for benchmarks and trusted networks. Sizes,
    /// deadlines, bounded queues and <see cref="MaxConnections"/> stay.
    /// </summary>
    public bool RateLimits { get; set; } = true;

    /// <summary>Bytes of a message, 8,192 to 16,777,216; 64 KiB. Must hold the longest text with every character escaped, and a token.</summary>
    public int MessageBytes { get; set; } = 65_536;

    /// <summary>Bytes of a message before the first success, 4,096 up to <see cref="MessageBytes"/>; 8 KiB: a name and a token need no more, and strangers are cheap.</summary>
    public int UnauthenticatedMessageBytes { get; set; } = 8_192;

    /// <summary>UTF-16 units of a text, 1 to 1,000,000; 8,000: some pages.</summary>
    public int TextLength { get; set; } = 8_000;

    /// <summary>Fragments of a message, 1 to 1,000; 16. Empty fragments would otherwise never end (no size limit sees them).</summary>
    public int FragmentsPerMessage { get; set; } = 16;

    /// <summary>Seconds from a message's first byte to its last, 1 to 300; 5: longer is a slow loris.</summary>
    public int MessageSeconds { get; set; } = 5;

    /// <summary>Bytes of a request's line and headers together, 2,048 to 32,768; 8 KiB, which holds a cookie with a token.</summary>
    public int HandshakeHeaderBytes { get; set; } = 8_192;

    /// <summary>Seconds for a request to begin on an open connection, and then for its headers to arrive, 1 to 120; 5.</summary>
    public int HandshakeSeconds { get; set; } = 5;

    /// <summary>Seconds from the handshake to the first success, 1 to 600; 10: whoever says nothing goes.</summary>
    public int AuthenticateSeconds { get; set; } = 10;

    /// <summary>Seconds between pings, 1 to 300; 15, below the idle time-outs of common proxies.</summary>
    public int PingSeconds { get; set; } = 15;

    /// <summary>Seconds to answer a ping, 1 to 300; 10: with the ping's 15 a dead client holds its name for 25 s at most.</summary>
    public int PongSeconds { get; set; } = 10;

    /// <summary>Open connections per address (IPv6: per /64), 0 (off) to 1,000,000; 500: an office behind one address.</summary>
    public int ConnectionsPerIp { get; set; } = 500;

    /// <summary>New connections a second per address, 0 (off) to 100,000; 50.</summary>
    public int NewConnectionsPerSecondPerIp { get; set; } = 50;

    /// <summary>New connections at once per address, 1 to 1,000,000; 200: an office after its network was down.</summary>
    public int NewConnectionsBurstPerIp { get; set; } = 200;

    /// <summary>Registrations a minute per address, 0 (off) to 1,000,000; 300. Stops scripts that hoard names.</summary>
    public int RegistrationsPerMinute { get; set; } = 300;

    /// <summary>Registrations at once per address, 1 to 1,000,000; 200.</summary>
    public int RegistrationsBurst { get; set; } = 200;

    /// <summary>Messages a second per connection, 0 (off) to 1,000,000; 100. Beyond it a connection is read more slowly, and nothing is refused.</summary>
    public int MessagesPerSecond { get; set; } = 100;

    /// <summary>Messages at once per connection, 1 to 1,000,000; 1,000: a client that was offline and sends what it kept.</summary>
    public int MessagesBurst { get; set; } = 1_000;

    /// <summary>Joins a second per connection, 0 (off) to 100,000; 10. Each is seen by the room's members.</summary>
    public int JoinsPerSecond { get; set; } = 10;

    /// <summary>Joins at once per connection, 1 to 1,000,000; 50.</summary>
    public int JoinsBurst { get; set; } = 50;

    /// <summary>New rooms a minute per user, 0 (off) to 100,000, and as many at once; 60. Each costs rows and a place in the list.</summary>
    public int NewRoomsPerMinute { get; set; } = 60;

    /// <summary>Pings and pongs a second from a client, 0 (off) to 100,000; 10. They are answered below what counts messages.</summary>
    public int ControlFramesPerSecond { get; set; } = 10;

    /// <summary>Pings and pongs at once, 1 to 1,000,000; 50.</summary>
    public int ControlFramesBurst { get; set; } = 50;

    /// <summary>Malformed or forbidden frames a minute that a connection may send, 0 (any number) to 10,000; 30: bugs are borne, fuzzers are not.</summary>
    public int ViolationsPerMinute { get; set; } = 30;

    /// <summary>Bytes that wait for a connection that does not read, 65,536 to 1,073,741,824 and at least twice <see cref="MessageBytes"/>; 1 MiB.</summary>
    public int OutboundQueueBytes { get; set; } = 1_048_576;

    /// <summary>All connections of the process, 0 (off) to 10,000,000; 50,000, about 1 GiB when all are idle.</summary>
    public int MaxConnections { get; set; } = 50_000;

    /// <summary>New connections of an address.</summary>
    internal RateLimit NewConnections => Rate(NewConnectionsPerSecondPerIp, NewConnectionsBurstPerIp);

    /// <summary>Registrations of an address.</summary>
    internal RateLimit Registrations => Rate(RegistrationsPerMinute / 60.0, RegistrationsBurst);

    /// <summary>Messages of a connection.</summary>
    internal RateLimit Messages => Rate(MessagesPerSecond, MessagesBurst);

    /// <summary>Joins of a connection.</summary>
    internal RateLimit Joins => Rate(JoinsPerSecond, JoinsBurst);

    /// <summary>New rooms of a user.</summary>
    internal RateLimit NewRooms => Rate(NewRoomsPerMinute / 60.0, NewRoomsPerMinute);

    /// <summary>Pings and pongs of a connection.</summary>
    internal RateLimit ControlFrames => Rate(ControlFramesPerSecond, ControlFramesBurst);

    internal int OpenPerAddress => RateLimits ? ConnectionsPerIp : 0;

    /// <inheritdoc/>
    public IEnumerable<string> Failures()
    {
        (string Name, int Value, int Least, int Most)[] ranges =
        [
            (nameof(MessageBytes), MessageBytes, 8_192, 16_777_216),
            (nameof(UnauthenticatedMessageBytes), UnauthenticatedMessageBytes, 4_096, 16_777_216),
            (nameof(TextLength), TextLength, 1, 1_000_000),
            (nameof(FragmentsPerMessage), FragmentsPerMessage, 1, 1_000),
            (nameof(MessageSeconds), MessageSeconds, 1, 300),
            (nameof(HandshakeHeaderBytes), HandshakeHeaderBytes, 2_048, 32_768),
            (nameof(HandshakeSeconds), HandshakeSeconds, 1, 120),
            (nameof(AuthenticateSeconds), AuthenticateSeconds, 1, 600),
            (nameof(PingSeconds), PingSeconds, 1, 300),
            (nameof(PongSeconds), PongSeconds, 1, 300),
            (nameof(ConnectionsPerIp), ConnectionsPerIp, 0, 1_000_000),
            (nameof(NewConnectionsPerSecondPerIp), NewConnectionsPerSecondPerIp, 0, 100_000),
            (nameof(NewConnectionsBurstPerIp), NewConnectionsBurstPerIp, 1, 1_000_000),
            (nameof(RegistrationsPerMinute), RegistrationsPerMinute, 0, 1_000_000),
            (nameof(RegistrationsBurst), RegistrationsBurst, 1, 1_000_000),
            (nameof(MessagesPerSecond), MessagesPerSecond, 0, 1_000_000),
            (nameof(MessagesBurst), MessagesBurst, 1, 1_000_000),
            (nameof(JoinsPerSecond), JoinsPerSecond, 0, 100_000),
            (nameof(JoinsBurst), JoinsBurst, 1, 1_000_000),
            (nameof(NewRoomsPerMinute), NewRoomsPerMinute, 0, 100_000),
            (nameof(ControlFramesPerSecond), ControlFramesPerSecond, 0, 100_000),
            (nameof(ControlFramesBurst), ControlFramesBurst, 1, 1_000_000),
            (nameof(ViolationsPerMinute), ViolationsPerMinute, 0, 10_000),
            (nameof(OutboundQueueBytes), OutboundQueueBytes, 65_536, 1_073_741_824),
            (nameof(MaxConnections), MaxConnections, 0, 10_000_000),
        ];
        foreach (var (name, value, least, most) in ranges)
            if (value < least || value > most)
                yield return $"Limits:{name} must be {least} to {most}{(least == 0 ? " (0 = off)" : "")}; it is {value}.";

        // Each UTF-16 unit may come as six characters (a \u escape); beside the text there are a token and the other fields.
        var needed = (6L * TextLength) + 4_096;
        if (MessageBytes < needed)
            yield return $"Limits:MessageBytes must be at least 6 x Limits:TextLength + 4096 = {needed}; it is {MessageBytes}.";
        if (UnauthenticatedMessageBytes > MessageBytes)
            yield return $"Limits:UnauthenticatedMessageBytes must not be above Limits:MessageBytes ({MessageBytes}); it is {UnauthenticatedMessageBytes}.";
        if (OutboundQueueBytes < 2L * MessageBytes)
            yield return $"Limits:OutboundQueueBytes must be at least twice Limits:MessageBytes ({MessageBytes}); it is {OutboundQueueBytes}.";
    }

    private RateLimit Rate(double perSecond, int burst) => RateLimits && perSecond > 0 ? new RateLimit(perSecond, burst) : RateLimit.Off;
}
