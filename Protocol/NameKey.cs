using System.Text;

namespace ChitChatz.Protocol;

/// <summary>What is compared when two names are compared.</summary>
internal static class NameKey
{
    /// <summary>The key of a name that the rules accept.</summary>
    /// <remarks>
    /// NFKC, then lower case by way of upper case, so that <c>ς</c> and <c>σ</c> fall together; both independent of culture.
    /// The Turkish <c>ı</c> and <c>İ</c> are joined with <c>i</c>, which no culture-independent mapping does. Joiners are
    /// left out, as NFKC_Casefold does: with and without them a name looks nearly the same. NFKC again, because lower-casing
    /// and leaving out may bring together what composes.
    /// </remarks>
    public static string Of(string display)
    {
        var folded = display.Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant();
        var key = new StringBuilder(folded.Length);
        foreach (var rune in folded.EnumerateRunes())
        {
            if (!NameCharacters.IsJoiner(rune))
            {
                key.Append(rune.Value is 'ı' or 'İ' ? "i" : rune.ToString());
            }
        }

        // A dot put on an i is not seen.
        return key.Replace("i\u0307", "i").ToString().Normalize(NormalizationForm.FormKC);
    }

    /// <summary>Fails where the rules would be switched off in silence: <c>InvariantGlobalization</c> takes normalisation away.</summary>
    /// <exception cref="InvalidOperationException">This runtime cannot normalise text.</exception>
    public static void EnsureUnicode()
    {
        if (!CanNormalize())
        {
            throw new InvalidOperationException(
                "This runtime cannot normalise Unicode text, so names could be forged. "
                + "Install ICU (libicu) and do not set InvariantGlobalization or DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        }
    }

    private static bool CanNormalize()
    {
        try
        {
            return "\uFB01".Normalize(NormalizationForm.FormKC) == "fi";
        }
        catch (PlatformNotSupportedException)
        {
            return false;
        }
    }
}
