using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ChitChatz.Cli;

/// <summary>Standard output whose reader may go.</summary>
internal static class StandardOutput
{
    // EPIPE, and what Windows says of a pipe that is broken or being closed.
    private static readonly int[] s_readNoMore = [32, unchecked((int)0x8007006D), unchecked((int)0x800700E8)];

    /// <summary>Whether that is the failure: whoever read our output reads no more.</summary>
    public static bool IsReadNoMore(IOException failure) => s_readNoMore.Contains(failure.HResult);

    /// <summary>.NET's console takes a pipe that nobody reads for one that took it all, and <c>tail | head -1</c> would go on for ever.</summary>
    public static void NoticeItsEnd()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
            return;
        FileStream output = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file has no reader that goes, and here it would be written from its beginning, over what others have written.
        if (output.CanSeek)
            return;
        Console.SetOut(new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
    }
}
