using System.Buffers.Text;
using System.Security.Cryptography;
using ChitChatz.Protocol;

namespace ChitChatz.Gateway.Identity;

/// <summary>Who a connection speaks for: fixed at its first authentication.</summary>
/// <param name="Sub">The identity itself. The name is only how it is shown.</param>
/// <param name="Name">The name as people see it.</param>
/// <param name="NameKey">The name as it is compared.</param>
public readonly record struct UserIdentity(string Sub, string Name, string NameKey)
{
    /// <summary>A guest nobody has met before: a random sub of 128 bits.</summary>
    public static UserIdentity Guest(in CanonicalName name) => Known(NewSub(), name);

    /// <summary>Somebody who proved the sub, under the name asked for.</summary>
    public static UserIdentity Known(string sub, in CanonicalName name) => new(sub, name.Display, name.Key);

    internal static string NewSub()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }
}
