using ChitChatz.Chaos.Checking;
using static ChitChatz.Chaos.Checking.EventKind;

namespace ChitChatz.Tests.Chaos;

/// <summary>The checker is silent on what is allowed, and catches each kind of broken promise.</summary>
public sealed class CheckerTests
{
    private const int Histories = 200;

    [Fact]
    public void Check_OfLegalHistories_IsSilent()
    {
        int sends = 0;
        for (int seed = 0; seed < Histories; seed++)
        {
            Verdict verdict = Checker.Check(new History(LegalHistory.Play(seed)));
            Assert.True(verdict.IsClean, $"seed {seed}: {verdict}");
            sends += verdict.Sends;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Histories} legal histories with {sends} sends, 0 violations");
        Assert.True(sends > Histories * 40, $"only {sends} sends");
    }

    [Fact]
    public void Check_OfALegalHistory_SurvivesItsFile()
    {
        string file = Path.GetTempFileName();
        new History(LegalHistory.Play(seed: 1)).Save(file);
        History read = History.Load(file);
        File.Delete(file);
        Assert.Equal(LegalHistory.Play(seed: 1), read.Events);
    }

    public static TheoryData<string> Mutants => [.. Mutations.All.Keys];

    [Theory, MemberData(nameof(Mutants))]
    public void Check_OfMutants_CatchesEach(string kind)
    {
        (Invariant[] expected, Func<List<HistoryEvent>, Random, bool> mutate) = Mutations.All[kind];
        int mutants = 0;
        for (int seed = 0; mutants < Histories; seed++)
        {
            Assert.True(seed < 20 * Histories, $"only {mutants} histories could be mutated");
            List<HistoryEvent> events = LegalHistory.Play(seed);
            if (!mutate(events, new Random(seed)))
            {
                continue;
            }

            mutants++;
            Verdict verdict = Checker.Check(new History(events));
            Assert.True(
                verdict.Violations.Any(violation => expected.Contains(violation.Invariant)),
                $"seed {seed}: {kind} was not caught as {string.Join(" or ", expected)}: {verdict}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {mutants} mutants, all caught as {string.Join(" or ", expected)}");
    }

    private static class Mutations
    {
        public static readonly Dictionary<string, (Invariant[] Expected, Func<List<HistoryEvent>, Random, bool> Mutate)> All = new()
        {
            ["drop a row of the log"] = ([Invariant.LostWrite], static (events, random) => Remove(events, random, row => row.Kind == Stored && IsAcked(events, row))),
            ["drop a delivery"] = ([Invariant.DeliveryOrder, Invariant.NotConverged], static (events, random) => Remove(events, random, got => got.Kind == Receive && IsFollowed(events, got))),
            ["swap two deliveries"] = ([Invariant.DeliveryOrder], SwapDeliveries),
            ["repeat a delivery"] = ([Invariant.DeliveryOrder], static (events, random) => Change(events, random, Receive, static got => got, insert: true)),
            ["forge an author"] = ([Invariant.Phantom, Invariant.Duplicate], static (events, random) => Change(events, random, Receive, static got => got with { User = "user 99" })),
            ["change a text"] = ([Invariant.Phantom], static (events, random) => Change(events, random, Receive, static got => got with { Hash = "other" })),
            ["change a stored text"] = ([Invariant.Phantom], static (events, random) => Change(events, random, Stored, static row => row with { Hash = "other" })),
            ["store an id twice"] = ([Invariant.Duplicate], StoreTwice),
            ["use a seq twice"] = ([Invariant.Duplicate], static (events, random) => Change(events, random, Stored, static row => row with { Seq = row.Seq + 1 })),
            ["ack another place"] = ([Invariant.Duplicate], static (events, random) => Change(events, random, Ok, static ok => ok with { Seq = ok.Seq + 1 })),
            ["store what failed"] = ([Invariant.FailedYetStored], StoreFailed),
            ["deliver after a leave"] = ([Invariant.AfterLeave], DeliverAfterLeave),
            ["deliver to a stranger"] = ([Invariant.Stranger], static (events, random) => Change(events, random, Receive, static got => got with { Connection = 9_999 }, insert: true)),
            ["tell a stale head"] = ([Invariant.StaleHead], StaleHead),
            ["leave out the end"] = ([Invariant.NotConverged], LeaveOutTheEnd),
            ["turn an order in time around"] = ([Invariant.RealTimeOrder], static (events, random) => SwapStored(events, random, sameSender: false)),
            ["turn a sender's order around"] = ([Invariant.SenderOrder], static (events, random) => SwapStored(events, random, sameSender: true)),
        };

        private static bool IsAcked(List<HistoryEvent> events, HistoryEvent row) => events.Exists(ok => ok.Kind == Ok && ok.Name == row.Name);

        private static bool IsFollowed(List<HistoryEvent> events, HistoryEvent got)
            => events.Exists(later => later.Kind == Receive && later.Connection == got.Connection && later.At > got.At && later.Room == got.Room && later.Seq == got.Seq + 1);

        private static int Pick(List<HistoryEvent> events, Random random, Predicate<HistoryEvent> fits)
        {
            int[] places = [.. Enumerable.Range(0, events.Count).Where(i => fits(events[i]))];
            return places.Length == 0 ? -1 : places[random.Next(places.Length)];
        }

        private static bool Remove(List<HistoryEvent> events, Random random, Predicate<HistoryEvent> fits)
        {
            int place = Pick(events, random, fits);
            if (place >= 0)
            {
                events.RemoveAt(place);
            }

            return place >= 0;
        }

        private static bool Change(List<HistoryEvent> events, Random random, EventKind kind, Func<HistoryEvent, HistoryEvent> change, bool insert = false)
        {
            int place = Pick(events, random, happened => happened.Kind == kind);
            if (place < 0)
            {
                return false;
            }

            HistoryEvent changed = change(events[place]);
            if (insert)
            {
                events.Insert(place + 1, changed);
            }
            else
            {
                events[place] = changed;
            }

            return true;
        }

        private static bool SwapDeliveries(List<HistoryEvent> events, Random random)
        {
            int first = Pick(events, random, got => got.Kind == Receive && IsFollowed(events, got));
            if (first < 0)
            {
                return false;
            }

            int second = events.FindIndex(first + 1, later => later.Kind == Receive && later.Connection == events[first].Connection && later.Seq == events[first].Seq + 1);
            (events[first], events[second]) = (events[second], events[first]);
            return true;
        }

        private static bool StoreTwice(List<HistoryEvent> events, Random random)
        {
            int place = Pick(events, random, static row => row.Kind == Stored);
            if (place >= 0)
            {
                events.Add(events[place] with { Seq = 1 + events.Where(row => row.Kind == Stored && row.Room == events[place].Room).Max(static row => row.Seq) });
            }

            return place >= 0;
        }

        private static bool StoreFailed(List<HistoryEvent> events, Random random)
        {
            int place = Pick(events, random, static fail => fail.Kind == Fail);
            if (place < 0)
            {
                return false;
            }

            HistoryEvent send = events.Find(send => send.Kind == Send && send.Name == events[place].Name)!;
            long head = events.Where(row => row.Kind == Stored && row.Room == send.Room).Select(static row => row.Seq).DefaultIfEmpty().Max();
            events.Add(send with { Kind = Stored, Connection = 0, Epoch = 7, Seq = head + 1 });
            return true;
        }

        private static bool DeliverAfterLeave(List<HistoryEvent> events, Random random)
        {
            int place = Pick(events, random, leave => leave.Kind == Leave && events.Exists(row => row.Kind == Stored && row.Room == leave.Room));
            if (place < 0)
            {
                return false;
            }

            HistoryEvent row = events.Last(row => row.Kind == Stored && row.Room == events[place].Room);
            events.Insert(place + 1, row with { Kind = Receive, Connection = events[place].Connection });
            return true;
        }

        private static bool StaleHead(List<HistoryEvent> events, Random random)
        {
            int place = Pick(events, random, join => join.Kind == Join && events.Exists(ok => ok.Kind == Ok && ok.Room == join.Room && ok.At < join.Since));
            if (place >= 0)
            {
                long acked = events.Where(ok => ok.Kind == Ok && ok.Room == events[place].Room && ok.At < events[place].Since).Max(static ok => ok.Seq);
                events[place] = events[place] with { Head = acked - 1 };
            }

            return place >= 0;
        }

        private static bool LeaveOutTheEnd(List<HistoryEvent> events, Random random)
        {
            // The last delivery of a connection that is there to the end.
            int[] ends =
            [
                .. Enumerable.Range(0, events.Count).Where(i => events[i].Kind == Receive
                    && !events.Skip(i + 1).Any(later => later.Connection == events[i].Connection)),
            ];
            if (ends.Length > 0)
            {
                events.RemoveAt(ends[random.Next(ends.Length)]);
            }

            return ends.Length > 0;
        }

        /// <summary>Exchanges the places of two messages everywhere: whoever looks at the log alone sees nothing wrong.</summary>
        private static bool SwapStored(List<HistoryEvent> events, Random random, bool sameSender)
        {
            HistoryEvent[] once = [.. events.Where(static send => send.Kind == Send).GroupBy(static send => send.Name).Where(static sends => sends.Count() == 1).Select(static sends => sends.First())];
            Dictionary<MessageName, HistoryEvent> rows = events.Where(static row => row.Kind == Stored).ToDictionary(static row => row.Name);
            (HistoryEvent First, HistoryEvent Second)[] pairs =
            [
                .. from first in once
                   from second in once
                   where first.Room == second.Room && first.At < second.At && rows.ContainsKey(first.Name) && rows.ContainsKey(second.Name)
                      && (sameSender ? first.Connection == second.Connection : events.Exists(ok => ok.Kind == Ok && ok.Name == first.Name && ok.At < second.At))
                   select (first, second),
            ];
            if (pairs.Length == 0)
            {
                return false;
            }

            (HistoryEvent one, HistoryEvent other) = pairs[random.Next(pairs.Length)];
            (long a, long b) = (rows[one.Name].Seq, rows[other.Name].Seq);
            for (int i = 0; i < events.Count; i++)
            {
                if (events[i].Kind is Stored or Ok && (events[i].Name == one.Name || events[i].Name == other.Name))
                {
                    events[i] = events[i] with { Seq = events[i].Name == one.Name ? b : a };
                }
            }

            return true;
        }
    }
}
