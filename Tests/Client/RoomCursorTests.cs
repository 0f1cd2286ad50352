using ChitChatz.Client;
using ChitChatz.Client.Rooms;
using ChitChatz.Client.Wire;
using CsCheck;

namespace ChitChatz.Tests.Client;

/// <summary>Whatever is pushed, in whatever order and how often, and whenever the connection breaks: what comes out is the log.</summary>
public sealed class RoomCursorTests
{
    private const long Epoch = 1_795_536_635_264;

    private enum Step
    {
        Append,
        Push,
        PushOld,
        PushAhead,
        Reconnect,
        ReadLog,
        Take,
    }

    [Fact]
    public void Messages_WhateverHappensToThem_ComeOnceAndInOrder() =>
        Gen.Enum<Step>().Select(Gen.Int[0, 40]).List[0, 400].Sample(static steps =>
        {
            MessageBuffer buffer = new(100);
            RoomCursor cursor = new(buffer, after: null);
            List<long> taken = [];
            long head = 5;
            long pushed = 5;
            cursor.Joined(new JoinAnswer("lobby", Epoch, head, Recovered: false));
            foreach (var (step, number) in steps)
            {
                switch (step)
                {
                    case Step.Append:
                        head += number;
                        break;
                    case Step.Push:
                        for (var i = 0; i < number && pushed < head; i++)
                            cursor.Pushed(Message(++pushed));
                        break;
                    case Step.PushOld when pushed > number:
                        cursor.Pushed(Message(pushed - number));
                        break;
                    case Step.PushAhead when pushed + number <= head:
                        cursor.Pushed(Message(pushed += number));
                        break;
                    case Step.Reconnect:
                        var missed = head - cursor.Position!.Value.Seq;
                        cursor.Joined(new JoinAnswer("lobby", Epoch, head, missed <= number));
                        pushed = missed <= number ? cursor.Position.Value.Seq : head;
                        break;
                    case Step.ReadLog when cursor.IsBehind:
                        ReadLog(cursor, head);
                        break;
                    case Step.Take:
                        Take(buffer, taken, number);
                        break;
                }
            }

            // All is quiet again: a last message, and the client asks as long as it is behind.
            cursor.Pushed(Message(++head));
            while (cursor.IsBehind)
            {
                Take(buffer, taken, int.MaxValue);
                ReadLog(cursor, head);
            }

            Take(buffer, taken, int.MaxValue);
            Assert.Equal(Enumerable.Range(6, (int)head - 5).Select(static seq => (long)seq), taken);
        });

    private static void ReadLog(RoomCursor cursor, long head)
    {
        var after = cursor.Position!.Value.Seq;
        var count = (int)Math.Min(100, head - after);
        cursor.Read(new ChatHistory("lobby", Epoch, [.. Enumerable.Range(1, count).Select(i => Message(after + i))], HasMore: after + count < head));
    }

    private static void Take(MessageBuffer buffer, List<long> taken, int count)
    {
        while (count-- > 0 && buffer.TryTake(out var message))
        {
            Assert.Null(message.Gap);
            taken.Add(message.Position.Seq);
        }
    }

    private static ChatMessage Message(long seq) => new("lobby", new ChatPosition(Epoch, seq), default, "bob", "sub", null, "text");
}
