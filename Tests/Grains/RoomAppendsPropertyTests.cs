using ChitChatz.Grains.Abstractions;
using ChitChatz.Grains.Rooms;
using ChitChatz.Storage;
using CsCheck;
using Xunit;
using static ChitChatz.Tests.Grains.TestMessages;

namespace ChitChatz.Tests.Grains;

/// <summary>Any interleaving of posts, repeats, commits and failures against a list that is the log.</summary>
public sealed class RoomAppendsPropertyTests
{
    private enum Kind
    {
        Take,
        TakeAsStranger,
        Append,
        Fail,
    }

    private static readonly Gen<(Kind Kind, int Id, bool OtherText)> Steps = Gen.Select(
        Gen.Frequency((6, Gen.Const(Kind.Take)), (1, Gen.Const(Kind.TakeAsStranger)), (4, Gen.Const(Kind.Append)), (1, Gen.Const(Kind.Fail))),
        Gen.Int[0, 7],
        Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))));

    [Fact]
    public void Outcomes_WhenAnythingHappens_AgreeWithTheLog() => Steps.Array[0, 60].Sample(steps =>
    {
        RoomAppends appends = new(new RoomLimits { WaitingDrafts = 6, BatchMessages = 3 });
        appends.Open(new RoomHead(1, 0, null));
        List<ChatMessage> log = [];
        List<(PostCall Call, Draft Draft)> calls = [];
        foreach ((Kind kind, int id, bool otherText) in steps)
        {
            switch (kind)
            {
                case Kind.Take or Kind.TakeAsStranger:
                    Draft draft = Draft("m" + id, otherText ? "other" : "text");
                    PostCall call = new(1);
                    if (appends.Take(draft, kind == Kind.Take, call, 0) is TakeOutcome.Taken or TakeOutcome.Shared)
                        calls.Add((call, draft));
                    break;
                default:
                    Append(appends, log, kind == Kind.Fail);
                    break;
            }
        }

        while (appends.Waiting > 0)
            Append(appends, log, false);

        Assert.Equal(Enumerable.Range(1, log.Count).Select(seq => (long)seq), log.Select(message => message.Seq));
        Assert.Equal(log.Count, log.DistinctBy(message => message.Id).Count());
        Assert.Equal((log.Count, 0), (appends.Head, appends.InFlight));
        foreach ((PostCall call, Draft draft) in calls)
        {
            Assert.True(call.Done.IsCompletedSuccessfully);
            PostResult result = call.Results[0];
            if (result.Status == PostStatus.Unavailable)
                continue;

            ChatMessage stands = log[(int)result.Seq - 1];
            Assert.Equal(draft.Id, stands.Id);
            Assert.Equal(result.Status == PostStatus.IdConflict, !draft.Text.AsSpan().SequenceEqual(stands.Text));
        }
    });

    private static void Append(RoomAppends appends, List<ChatMessage> log, bool fails)
    {
        ChatMessage[] batch = appends.NextBatch(1);
        while (batch.Length > 0)
        {
            Assert.Equal(log.Count + 1, batch[0].Seq);
            ChatMessage[] found = [.. log.Where(old => batch.Any(message => message.Id == old.Id))];
            if (found.Length > 0)
            {
                Assert.True(appends.TryDropDuplicates(found, out batch));
            }
            else if (fails)
            {
                appends.Fail();
                return;
            }
            else
            {
                log.AddRange(batch);
                appends.Commit();
                appends.Answer();
                return;
            }
        }
    }
}
