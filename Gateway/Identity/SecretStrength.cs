using System.Text;

namespace ChitChatz.Gateway.Identity;

/// <summary>Whether a secret can be guessed. It cannot be measured, so this refuses what is known to be weak: short ones, words, patterns.</summary>
internal static class SecretStrength
{
    public const int MinimumBytes = 32;
    private const double MinimumBits = 80;
    private const string Remedy = "Make a good one with: openssl rand -base64 32";

    // What samples, tutorials and people who mean to change it later write. A random text may hold a short one by chance; the rest of it carries it.
    private static readonly string[] Words =
    [
        "at-least-256-bits-long", "superlongsecret", "changethis", "changeit", "changeme", "secretkey", "supersecret", "password",
        "passw0rd", "replaceme", "development", "production", "placeholder", "chitchatz", "chitchat", "mysecret", "my-secret", "your-256-bit-secret",
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwerty", "secret", "example", "default", "insecure", "signing", "please", "change", "letmein",
        "super", "token", "admin", "local", "test", "string", "replace", "should", "least", "characters", "bits", "bytes", "long", "very", "this",
        "your", "jwt", "dev", "key", "not", "use", "for", "the", "my", "is", "a-", "256", "hs256",
    ];

    /// <summary>What is wrong with it, to stand behind the setting's name, or null. Never contains the secret.</summary>
    public static string? Weakness(string? secret)
    {
        var bytes = Encoding.UTF8.GetByteCount(secret ?? "");
        if (bytes < MinimumBytes)
            return $"must be at least {MinimumBytes} bytes long; it has {bytes}. {Remedy}";
        return Bits(secret!) < MinimumBits ? $"is {bytes} bytes long, but made of words or a pattern, which can be guessed. {Remedy}" : null;
    }

    /// <summary>Whether the bytes are all the same: a file of zeros is what a crash or a full disk leaves.</summary>
    public static bool IsConstant(ReadOnlySpan<byte> key) => !key.ContainsAnyExcept(key[0]);

    private static double Bits(string secret)
    {
        var rest = secret.ToLowerInvariant();
        foreach (var word in Words)
            rest = rest.Replace(word, "", StringComparison.Ordinal);

        // Taking out words must not take the case of what is left: random base64 would look poorer than it is.
        var left = rest.Length == secret.Length ? secret : rest;
        left = left[..Period(left)];
        return IsSequence(left) ? 0 : left.Length * Entropy(left);
    }

    // The shortest text whose repetition is the whole: "abcabcab" has 3.
    private static int Period(string text)
    {
        for (var period = 1; period < text.Length; period++)
            if (text.AsSpan(period).SequenceEqual(text.AsSpan(0, text.Length - period)))
                return period;
        return text.Length;
    }

    // abcdef…, 9876…, 11112222…: most characters follow from the one before. Of 32 random hexadecimal digits so many do once in half a million: whoever draws
    // that is told to draw again.
    private static bool IsSequence(string text)
    {
        var predictable = 0;
        for (var i = 1; i < text.Length; i++)
            if (Math.Abs(text[i] - text[i - 1]) <= 1)
                predictable++;
        return predictable * 2 > text.Length;
    }

    private static double Entropy(string text) =>
        -text.CountBy(c => c).Sum(pair => (double)pair.Value / text.Length * Math.Log2((double)pair.Value / text.Length));
}
