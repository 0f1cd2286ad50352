namespace ChitChatz.Storage;

/// <summary>How much a <see cref="LogWriter"/> takes in, and how much of it goes with one commit.</summary>
/// <param name="Batches">Appends under way at the same time, waiting or not. What comes beyond is refused with <see cref="AppendStatus.Failed"/>: better now than late.</param>
/// <param name="Bytes">Bytes of texts of the appends under way; a single larger append is taken when nothing else is there.</param>
/// <param name="CommitMessages">Messages of one commit. A larger batch goes alone. More would only make everybody wait longer for the same disk.</param>
/// <param name="CommitBytes">Bytes of texts of one commit; likewise.</param>
/// <param name="Heads">Rooms whose heads wait to be read; beyond, <see cref="LogUnavailableException"/>.</param>
public sealed record LogWriterLimits(
    int Batches = 16_384,
    long Bytes = 64 * 1024 * 1024,
    int CommitMessages = 4_096,
    long CommitBytes = 8 * 1024 * 1024,
    int Heads = 65_536);
