using ChitChatz.Grains;
using ChitChatz.Grains.Abstractions;

namespace ChitChatz.Tests.Guarantees;

/// <summary>Inboxes that by a seeded plan drop, repeat and delay the messages that are pushed to gateways; everything else passes.</summary>
internal sealed class UnreliableInboxes(IInboxes inner, int seed) : IInboxes
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly List<(GatewayId Gateway, InboxItem Item)> _late = [];

    /// <summary>How many of a hundred pushes are lost.</summary>
    public int Drop { get; set; }

    /// <summary>How many of a hundred are repeated.</summary>
    public int Repeat { get; set; }

    /// <summary>How many of a hundred come after the next one.</summary>
    public int Delay { get; set; }

    public (int Dropped, int Repeated, int Delayed) Faults { get; private set; }

    public async ValueTask PublishAsync(GatewayId gateway, InboxItem item)
    {
        (GatewayId, InboxItem)[] late;
        bool drop = false;
        bool repeat = false;
        lock (_gate)
        {
            late = [.. _late];
            _late.Clear();
            if (item is MessagesPushed)
            {
                (int dropped, int repeated, int delayed) = Faults;
                drop = _random.Next(100) < Drop;
                repeat = !drop && _random.Next(100) < Repeat;
                bool delay = !drop && !repeat && _random.Next(100) < Delay;
                if (delay)
                {
                    _late.Add((gateway, item));
                }

                Faults = (dropped + (drop ? 1 : 0), repeated + (repeat ? 1 : 0), delayed + (delay ? 1 : 0));
                drop |= delay;
            }
        }

        for (int i = drop ? 0 : repeat ? 2 : 1; i > 0; i--)
        {
            await inner.PublishAsync(gateway, item);
        }

        foreach ((GatewayId to, InboxItem lateItem) in late)
        {
            await inner.PublishAsync(to, lateItem);
        }
    }
}
