using System.Diagnostics.Metrics;
using System.Text;
using ChitChatz.Gateway.Identity;
using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>What the benchmarks work with, of the usual size: texts of 64 bytes, subs of 22 characters, ids of 36.</summary>
internal static class Samples
{
    public const string Room = "lobby";
    public const string Name = "Member 42";
    public const string Sub = "q2VXm0yTkX8mZ1bRfW6uJc";
    public const long Epoch = 1_790_000_000_000;
    public const long At = 1_790_000_123_456;

    private static readonly JwtSettings s_jwt = new() { Secret = "q3Vn0yTkX8mZ1bRfW6uJc2LhPdA9sGeo4iQxNvYt7Kw=" };

    public static byte[] Text { get; } = Encoding.UTF8.GetBytes("A text of the usual length for a chat, which is sixty-four bytes");

    public static UserIdentity User { get; } = new(Sub, Name, "member 42");

    public static IMeterFactory Meters { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    public static TokenService Tokens { get; } = new(
        new SigningKeys(s_jwt, dataFolder: "", configuration: null, NullLogger<SigningKeys>.Instance), Options.Create(s_jwt), TimeProvider.System);

    public static ChatMessage Message(long seq) => new(seq, Sub, Name, Id(seq), Text, At);

    public static ChatMessage[] Messages(long after, int count) => [.. Enumerable.Range(1, count).Select(n => Message(after + n))];

    /// <summary>An id as clients give it, of a GUID's length.</summary>
    public static string Id(long number) => $"0b9f6f0e-7a51-4c1e-9d52-{number:x12}";
}
