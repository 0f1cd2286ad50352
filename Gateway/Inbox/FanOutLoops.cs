using System.Diagnostics;
using System.Threading.Channels;
using ChitChatz.Gateway.Rooms;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChitChatz.Gateway.Inbox;

/// <summary>
/// Brings what the inbox received to the local rooms, off the stream's one sequential pump. A room always goes through the same
/// loop, so its items keep their order. Full policy: the item is dropped and counted; the room sees the hole and reads the log.
/// </summary>
internal sealed class FanOutLoops(LocalRooms rooms, GatewayInstruments instruments, ILogger<FanOutLoops> logger) : BackgroundService
{
    private const int Capacity = 16_384;

    /// <summary>The texts that may wait in all loops together.</summary>
    private const long CapacityBytes = 64 * 1024 * 1024;

    private readonly Channel<InboxItem>[] _loops = [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, 8))
        .Select(static _ => Channel.CreateBounded<InboxItem>(new BoundedChannelOptions(Capacity) { SingleReader = true }))];

    private long _bytes;

    /// <summary>Queues an item of a room; never waits.</summary>
    public void Enqueue(string room, InboxItem item)
    {
        int bytes = SizeOf(item);
        if (Interlocked.Add(ref _bytes, bytes) > CapacityBytes
            || !_loops[(uint)room.GetHashCode(StringComparison.Ordinal) % (uint)_loops.Length].Writer.TryWrite(item))
        {
            Interlocked.Add(ref _bytes, -bytes);
            instruments.InboxDropped();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(_loops.Select(loop => Task.Run(() => RunAsync(loop.Reader, stoppingToken), stoppingToken)));

    private async Task RunAsync(ChannelReader<InboxItem> items, CancellationToken stoppingToken)
    {
        await foreach (InboxItem item in items.ReadAllAsync(stoppingToken))
        {
            try
            {
                Route(item);
            }
#pragma warning disable CA1031 // A bug met with one item must not silence all rooms; the room repairs itself from the log.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                FanOutLoopsLog.ItemFailed(logger, exception);
            }

            Interlocked.Add(ref _bytes, -SizeOf(item));
        }
    }

    private static int SizeOf(InboxItem item)
    {
        int bytes = 0;
        if (item is MessagesPushed pushed)
        {
            foreach (ChatMessage message in pushed.Messages)
            {
                bytes += message.Text.Length;
            }
        }

        return bytes;
    }

    private void Route(InboxItem item)
    {
        switch (item)
        {
            case MessagesPushed pushed when rooms.TryGet(pushed.Room, out LocalRoom? room):
                using (Activity? trace = GatewayTracing.StartFanOut(pushed.Trace, pushed.Messages.Length))
                {
                    room.OnMessages(pushed.Epoch, pushed.Messages);
                }

                break;

            case RoomMoved moved when rooms.TryGet(moved.Room, out LocalRoom? room):
                room.OnMoved(moved);
                break;

            case PresenceChanged changed when rooms.TryGet(changed.Room, out LocalRoom? room):
                room.OnPresence(changed);
                break;

            case TypingShown typing when rooms.TryGet(typing.Room, out LocalRoom? room):
                room.OnTyping(typing);
                break;
        }
    }
}

internal static partial class FanOutLoopsLog
{
    [LoggerMessage(1, LogLevel.Error, "An item of the inbox could not be handled")]
    public static partial void ItemFailed(ILogger logger, Exception exception);
}
