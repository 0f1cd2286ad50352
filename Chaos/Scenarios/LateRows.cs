using ChitChatz.Chaos.Cluster;

namespace ChitChatz.Chaos.Scenarios;

/// <summary>What somebody wrote who was overtaken.</summary>
internal static class LateRows
{
    /// <summary>Rows of those who were overtaken that stand above a row of somebody who came after them.</summary>
    public static int Count(List<WrittenRow> rows, IReadOnlySet<string> overtaken)
    {
        var late = 0;
        foreach (var room in rows.GroupBy(static row => row.Room))
        {
            HashSet<string> over = [];
            var before = "";
            foreach (var (_, _, writer) in room)
            {
                if (writer != before)
                    over.Add(before);
                before = writer;
                late += overtaken.Contains(writer) && over.Contains(writer) ? 1 : 0;
            }
        }

        return late;
    }
}
