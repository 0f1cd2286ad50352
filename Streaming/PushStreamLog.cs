using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace ChitChatz.Streaming;

internal static partial class PushStreamLog
{
    [LoggerMessage(1, LogLevel.Warning, "A queue of the push streams {Provider} is full; {Total} items were dropped since the start")]
    public static partial void QueueFull(ILogger logger, string provider, long total);

    [LoggerMessage(2, LogLevel.Debug, "A delivery on {Provider} stream {Stream} was given up")]
    public static partial void DeliveryGivenUp(ILogger logger, string provider, StreamId stream);

    [LoggerMessage(3, LogLevel.Debug, "The handshake with a subscriber of {Provider} stream {Stream} was given up")]
    public static partial void HandshakeGivenUp(ILogger logger, string provider, StreamId stream);

    [LoggerMessage(4, LogLevel.Warning, "The push streams {Provider} had items left after {Time}; the silo goes on to stop {Next}")]
    public static partial void StoppedUndrained(ILogger logger, string provider, string next, TimeSpan time);
}
