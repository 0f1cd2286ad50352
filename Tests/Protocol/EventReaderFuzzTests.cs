using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChitChatz.Protocol;
using CsCheck;
using Xunit;

namespace ChitChatz.Tests.Protocol;

public class EventReaderFuzzTests(ITestOutputHelper output)
{
    private const int Frames = 200_000;
    private const int MaxTextLength = 12; // short, so that both sides of the limit are met

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Read_WhenFramesAreMutated_AgreesWithTheSlowReader()
    {
        var mutator = new FrameMutator(seed: 20_240_607);
        var verdicts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Frames; i++)
        {
            var frame = mutator.Next();
            var version2 = i % 2 == 1;
            var expected = SlowReader.Verdict(frame, MaxTextLength, version2);
            var actual = Verdict(frame, MaxTextLength, version2);
            if (expected != actual)
            {
                Assert.Fail($"frame {i}: {Encoding.UTF8.GetString(frame)}\nslow: {expected}\nfast: {actual}\n{Convert.ToHexString(frame)}");
            }

            var kind = expected.StartsWith("error: ", StringComparison.Ordinal) ? expected : "accepted " + expected.Split(' ')[0];
            verdicts[kind] = verdicts.GetValueOrDefault(kind) + 1;
        }

        foreach (var (kind, count) in verdicts)
        {
            output.WriteLine($"{kind}: {count} ({100.0 * count / Frames:F1} %)");
        }

        var accepted = verdicts.Where(pair => pair.Key.StartsWith("accepted", StringComparison.Ordinal)).ToList();
        output.WriteLine($"accepted: {100.0 * accepted.Sum(pair => pair.Value) / Frames:F1} %");
        Assert.InRange(accepted.Sum(pair => pair.Value), Frames * 30 / 100, Frames);
        Assert.Equal(11, accepted.Count);
        Assert.Superset(new HashSet<string> { "error: bad_json", "error: bad_request", "error: text_too_long" }, verdicts.Keys.ToHashSet());
    }

    [Fact]
    public void Read_WhenBytesAreRandom_AgreesWithTheSlowReader() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Bool).Sample((frame, version2) =>
            SlowReader.Verdict(frame, MaxTextLength, version2) == Verdict(frame, MaxTextLength, version2));

    [Fact]
    public void Read_WhenTextIsAny_ReturnsItsBytes() =>
        Gen.Select(Gen.String, Gen.Bool).Where((text, _) => text.Length > 0 && IsWellFormed(text)).Sample((text, relaxed) =>
        {
            var frame = JsonSerializer.SerializeToUtf8Bytes(new { @event = "message", data = text }, relaxed ? Relaxed : null);
            Assert.Null(EventReader.Read(frame, text.Length, out var read));
            Assert.Equal(Encoding.UTF8.GetBytes(text), read.Text);
            Assert.Equal(ErrorCodes.TextTooLong, EventReader.Read(frame, text.Length - 1, out _)?.Code);
        });

    private static bool IsWellFormed(string text) => !text.EnumerateRunes().Contains(Rune.ReplacementChar);

    private static string Verdict(byte[] frame, int maxTextLength, bool version2)
    {
        var error = EventReader.Read(frame, maxTextLength, out var read, version2);
        if (error is not null)
        {
            Assert.Equal(new ClientFrame { AsksForVersion2 = read.AsksForVersion2, Id = read.Id }, read);
            return "error: " + error.Code.Name;
        }

        var name = read.Event switch
        {
            ClientEvent.Register => "register",
            ClientEvent.GetRoom => "get_room",
            ClientEvent.GetRooms => "get_rooms",
            ClientEvent.JoinRoom => "join_room",
            ClientEvent.Message => "message",
            ClientEvent.LeaveRoom => "leave_room",
            ClientEvent.GetHistory => "get_history",
            ClientEvent.GetMembers => "get_members",
            ClientEvent.Typing => "typing",
            ClientEvent.Refresh => "refresh",
            _ => "error",
        };
        version2 |= read.AsksForVersion2;
        var described = SlowReader.Describe(
            name,
            read.Jwt.IsEmpty ? null : Encoding.UTF8.GetString(read.Jwt.Span),
            read.Name,
            read.Room,
            read.Text is null ? null : Encoding.UTF8.GetString(read.Text),
            read.InsideData);
        described += (version2, read.Event) switch
        {
            (true, ClientEvent.JoinRoom) => $" after={Describe(read.After)}",
            (_, ClientEvent.GetHistory) => $" after={Describe(read.After)} before={Describe(read.Before)} limit={read.Limit?.ToString(CultureInfo.InvariantCulture) ?? "-"}",
            _ => "",
        };
        return described + (version2 ? $" v=2 id={read.Id ?? "-"}" : "");
    }

    private static string Describe(LogPosition? position) => position is { } named ? $"{named.Epoch}:{named.Seq}" : "-";
}
