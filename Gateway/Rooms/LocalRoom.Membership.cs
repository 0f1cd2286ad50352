using ChitChatz.Gateway.Connections;
using ChitChatz.Grains.Abstractions;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Rooms;

internal sealed partial class LocalRoom
{
    /// <summary>How long a join is tried before the client is told that the room does not answer.</summary>
    private static readonly TimeSpan s_joinBudget = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longPause = TimeSpan.FromSeconds(1);

    private readonly List<PendingArrival> _arrivals = [];
    private readonly List<PendingDeparture> _departures = [];
    private bool _changing;
    private readonly long _firstNumber;
    private long _number;

    /// <summary>
    /// Brings a connection in. Its answer (<see cref="IRoomConnection.AnswerJoin"/>) is queued in the moment from which on it gets
    /// messages, so nothing stands before the answer and nothing is missed after it. One that is in already stays in, and is answered
    /// anew. Null when the room has just been retired: take it anew.
    /// </summary>
    public Task<JoinOutcome>? TryJoin(IRoomConnection connection, Member member, bool onlyIfLost, LogPosition? after)
    {
        lock (_gate)
        {
            if (_retired)
            {
                return null;
            }

            // An older departure of this connection that was not sent yet would come after this arrival and undo it.
            _departures.RemoveAll(departure =>
            {
                bool superseded = departure.Departure.Connection == member.Connection;
                if (superseded)
                {
                    departure.Complete();
                }

                return superseded;
            });
            PendingArrival arrival = new(connection, member, onlyIfLost, after, _time.GetTimestamp());
            _arrivals.Add(arrival);
            StartChanging();
            return arrival.Outcome;
        }
    }

    /// <summary>
    /// Takes a connection out: when this returns, nothing of the room reaches it any more. The task ends when the grain
    /// knows and the list of rooms shows it; a grain that does not answer learns it from the next introduction.
    /// </summary>
    public Task Leave(long connection, bool lost)
    {
        lock (_gate)
        {
            if (!RemoveMember(connection))
            {
                return Task.CompletedTask;
            }

            PendingDeparture departure = new(new Departure(connection, lost));
            _departures.Add(departure);
            StartChanging();
            return departure.Told;
        }
    }

    private void StartChanging()
    {
        if (!_changing)
        {
            _changing = true;
            _ = ChangeAsync();
        }
    }

    /// <summary>Tells the grain what changed, one call at a time, until there is nothing to tell.</summary>
    private async Task ChangeAsync()
    {
        // Off the caller's path, and out of its lock.
        await Task.Yield();
        while (true)
        {
            try
            {
                if (!await ChangeOnceAsync())
                {
                    return;
                }
            }
#pragma warning disable CA1031 // A bug met here must not leave the room without anybody who speaks for it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LocalRoomLog.ChangeBroke(_logger, exception);
                lock (_gate)
                {
                    _introduced?.TrySetResult();
                    _introduced = null;
                    _renewalDue = _members.Count > 0;
                }

                await Task.Delay(s_longPause, _time);
            }
        }
    }

    /// <summary>Tells the grain what there is to tell; false, and nobody speaks any more, when there was nothing.</summary>
    private async Task<bool> ChangeOnceAsync()
    {
        PendingArrival[] arrivals;
        PendingDeparture[] departures;
        bool introduce;
        bool renew;
        lock (_gate)
        {
            arrivals = [.. _arrivals];
            departures = [.. _departures];
            _arrivals.Clear();
            _departures.Clear();
            introduce = _introduced is not null;
            renew = _renewalDue && arrivals.Length == 0 && departures.Length == 0;
            _renewalDue = false;
            if (!introduce && !renew && arrivals.Length == 0 && departures.Length == 0)
            {
                _changing = false;
                _early = default;
                RetireIfUnused();
                return false;
            }
        }

        try
        {
            if (introduce)
            {
                await SendIntroductionAsync(arrivals);
            }

            if (arrivals.Length > 0 || departures.Length > 0)
            {
                await SendChangeAsync(arrivals, departures);
            }
            else if (renew)
            {
                await SendRenewalAsync();
            }
        }
        finally
        {
            // Whoever was not told yet was met by a bug; nobody waits for ever.
            Array.ForEach(arrivals, static arrival => arrival.GiveUpUnlessAnswered());
            Array.ForEach(departures, static departure => departure.Complete());
        }

        return true;
    }

    private async Task SendChangeAsync(PendingArrival[] arrivals, PendingDeparture[] departures)
    {
        MembershipChange change = new(
            _gateway,
            _number + 1,
            Name,
            Array.ConvertAll(arrivals, static arrival => new Arrival(arrival.Member, arrival.OnlyIfLost)),
            Array.ConvertAll(departures, static departure => departure.Departure),
            StartsAnew: _number == _firstNumber);
        long started = _time.GetTimestamp();
        MembershipAnswer? answer = await RetryAsync(
            () => _grain.ChangeMembers(change),
            arrivals,

            // Without arrivals nobody waits for long, and after a lease's time the grain has dropped this gateway by itself.
            giveUp: () => !HasMembers && Array.TrueForAll(arrivals, static arrival => arrival.GivenUp) && _time.GetElapsedTime(started) > LeaseTimes.Lease);
        if (answer is not null)
        {
            Volatile.Write(ref _number, change.Number);
            foreach (PendingArrival arrival in arrivals)
            {
                Settle(arrival, answer);
            }

            Observe(answer);
        }
    }

    /// <summary>Lets an arrival in, or tells why not.</summary>
    private void Settle(PendingArrival arrival, MembershipAnswer answer)
    {
        if (Array.IndexOf(answer.Refused, arrival.Member.Connection) >= 0)
        {
            arrival.Complete(JoinOutcome.Refused);
            return;
        }

        if (arrival.GivenUp)
        {
            lock (_gate)
            {
                // Unless it is in since earlier, or asked again meanwhile: a change's departures come after its arrivals.
                if (!_members.ContainsKey(arrival.Member.Connection) && !_arrivals.Exists(again => again.Member.Connection == arrival.Member.Connection))
                {
                    _departures.Add(new PendingDeparture(new Departure(arrival.Member.Connection, Lost: false)));
                }
            }

            return;
        }

        // The list first: whoever is told that it is in finds the room there.
        RoomListing listing = answer.Listing!;
        _list.Apply(listing);
        arrival.Token = arrival.Connection.IssueJoinToken(listing.Name);
        lock (_gate)
        {
            if (_members.Count == 0)
            {
                _epoch = answer.Epoch;
                _delivered = answer.Head;
                _knownHead = answer.Head;
                _held.Clear();
            }
            else
            {
                EnterEpoch(answer.Epoch);
            }

            Name = listing.Name;

            // What was delivered since the grain read its head does not come again.
            Enter(AddMember(arrival.Connection), arrival, Math.Max(answer.Epoch == _epoch ? answer.Head : 0, _delivered));

            if (_early.Epoch == _epoch && _early.Seq > _delivered)
            {
                LearnHead(_early.Seq);
                StartRepair();
            }
        }
    }
}
