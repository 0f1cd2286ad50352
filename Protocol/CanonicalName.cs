namespace ChitChatz.Protocol;

/// <summary>A name that the rules accept.</summary>
/// <param name="Display">Trimmed and NFC-normalised, as people see it.</param>
/// <param name="Key">NFKC, case-folded: what is compared. Two names with one key are one name.</param>
public readonly record struct CanonicalName(string Display, string Key);
