using ChitChatz.Grains.Abstractions;
using Npgsql;

namespace ChitChatz.Storage.Postgres;

/// <summary>The parameters of <see cref="PostgresQueries.Append"/>: columns, in binary, for any number of rooms and messages.</summary>
internal static class AppendArrays
{
    public static void AddTo(NpgsqlParameterCollection parameters, IReadOnlyList<AppendBatch> batches)
    {
        var rooms = batches.Count;
        var count = batches.Sum(static batch => batch.Messages.Count);
        var (keys, epochs, firsts) = (new string[rooms], new long[rooms], new long[rooms]);
        var (room, seq, at) = (new long[count], new long[count], new long[count]);
        var (sub, id, name) = (new string[count], new string[count], new string[count]);
        var text = new byte[count][];
        var row = 0;
        for (var i = 0; i < rooms; i++)
        {
            var batch = batches[i];
            (keys[i], epochs[i], firsts[i]) = (batch.Room, batch.Epoch, batch.Messages[0].Seq);
            foreach (ChatMessage message in batch.Messages)
            {
                (room[row], seq[row], at[row]) = (i + 1, message.Seq, message.At);
                (sub[row], id[row], name[row], text[row]) = (message.Sub, message.Id, message.Name, message.Text);
                row++;
            }
        }

        parameters.Add(Of(keys));
        parameters.Add(Of(epochs));
        parameters.Add(Of(firsts));
        parameters.Add(Of(room));
        parameters.Add(Of(seq));
        parameters.Add(Of(sub));
        parameters.Add(Of(id));
        parameters.Add(Of(name));
        parameters.Add(Of(text));
        parameters.Add(Of(at));
    }

    public static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };
}
