using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ChitChatz.Gateway.Identity;

/// <summary>
/// The signing key of a service without a configured secret: 256 random bits in the data folder, made by whoever starts first,
/// shared by all gateways of the machine.
/// </summary>
internal static class KeyFile
{
    public const string Name = "jwt.key";
    private const int KeyBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The key of this folder, made now if there is none yet.</summary>
    /// <exception cref="OptionsValidationException">The file cannot be used; the one failure says why and what to do.</exception>
    public static byte[] LoadOrCreate(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            if (!File.Exists(path))
                Create(folder, path);
            return Read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refuse($"The key file {path} cannot be used: {exception.Message.TrimEnd('.')}. Make it readable for this user, or set SECRET.");
        }
    }

    private static void Create(string folder, string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);

        // Written whole under another name and then linked: nobody sees half a key, and of two first starts one wins.
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n";
                stream.Write(Encoding.ASCII.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            ExclusiveRename.Publish(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static byte[] Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            throw Refuse($"The key file {path} can be read or written by other users, who could sign tokens with it. If none of them should be feared: chmod 600 '{path}'. Otherwise delete it, or set SECRET.");

        // A key is 45 bytes; whatever else lies there is not read into memory.
        Span<char> text = stackalloc char[64];
        using var reader = new StreamReader(path);
        var content = text[..reader.ReadBlock(text)].Trim();
        Span<byte> key = stackalloc byte[48];
        if (!Convert.TryFromBase64Chars(content, key, out var length) || length != KeyBytes || SecretStrength.IsConstant(key[..length]))
            throw Refuse($"The key file {path} does not hold a key of {KeyBytes} random bytes in base64. Delete it for a new one (all tokens end), restore it, or set SECRET.");
        return key[..length].ToArray();
    }

    private static OptionsValidationException Refuse(string sentence) => new(JwtSettings.Section, typeof(JwtSettings), [sentence]);
}
