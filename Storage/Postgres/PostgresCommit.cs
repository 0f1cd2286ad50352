using ChitChatz.Grains.Abstractions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChitChatz.Storage.Postgres;

/// <summary>
/// One commit: a statement for all rooms that are known, which is all there is as a rule; statements for the new ones; ones that look for
/// ids first, when some may stand there already or one turned out to; and, after any other conflict, statements for fewer rooms at a time. Each
/// room is decided once: what one statement stored stands, whatever becomes of a later one.
/// </summary>
internal sealed class PostgresCommit(NpgsqlConnection connection, IReadOnlyList<AppendBatch> batches, long baseEpoch, ILogger logger)
{
    /// <summary>
    /// How many waits for a lock, of 500 ms each, a commit pays in all. Silos hold locks for the length of a statement, so more of them mean
    /// that somebody holds the table, and waiting for it room by room would keep all other rooms of the silo from their answers.
    /// </summary>
    private const int LockWaits = 4;

    private readonly AppendResult[] _results = new AppendResult[batches.Count];
    private readonly List<int> _new = [];
    private readonly List<int> _standing = [];
    private int _lockWaits;
    private bool _looksForIds = batches.Any(static batch => batch.MayRepeat);

    /// <summary>Whether a statement has stored something. If a later one throws, "nothing is stored" is not true of this commit.</summary>
    public bool StoredSome { get; private set; }

    /// <summary>Appends all batches. Gives one result for each.</summary>
    public async Task<AppendResult[]> RunAsync(CancellationToken cancellationToken)
    {
        await AppendAsync([.. Enumerable.Range(0, batches.Count)], cancellationToken);
        if (_new.Count > 0)
        {
            // They were marked as fenced, which those that do not begin at the beginning are.
            int[] starting = [.. _new.Where(place => batches[place].Epoch == baseEpoch && batches[place].Messages[0].Seq == 1)];
            _new.Clear();
            await AppendAsync(await AddRoomsAsync(starting, cancellationToken), cancellationToken);
        }

        // Behind all appends: what goes wrong here is no conflict of one of them.
        foreach (var place in _standing)
            _results[place] = await FindStandingAsync(batches[place], cancellationToken);
        return _results;
    }

    private async Task AppendAsync(int[] places, CancellationToken cancellationToken)
    {
        if (places.Length == 0)
            return;
        if (_lockWaits >= LockWaits)
        {
            SetAll(places, AppendResult.Failed);
            return;
        }

        PostgresException conflict;
        try
        {
            await AppendInOneStatementAsync(places, cancellationToken);
            return;
        }
        catch (PostgresException error) when (PostgresErrors.IsOneRooms(error))
        {
            conflict = error;
            logger.Conflict(places.Length, error.SqlState);
        }

        CountWait(conflict);
        if (!_looksForIds && IsStandingId(conflict))
        {
            // A conflict costs an exception here and a rollback there, and where one room repeats what is stored others often do.
            _looksForIds = true;
            await AppendAsync(places, cancellationToken);
        }
        else if (places.Length == 1)
        {
            _results[places[0]] = await JudgeAsync(batches[places[0]], conflict, cancellationToken);
        }
        else if (PostgresErrors.IsLock(conflict))
        {
            // By halves, the room that is held would be waited for again and again.
            foreach (var place in places)
                await AppendAsync([place], cancellationToken);
        }
        else
        {
            // One bad room among n costs about 2 log n statements so, and not n; each is a wait for the disk.
            await AppendAsync(places[..(places.Length / 2)], cancellationToken);
            await AppendAsync(places[(places.Length / 2)..], cancellationToken);
        }
    }

    private async Task AppendInOneStatementAsync(int[] places, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_looksForIds ? PostgresQueries.AppendUnlessStanding : PostgresQueries.Append, connection);
        AppendArrays.AddTo(command.Parameters, Array.ConvertAll(places, place => batches[place]));

        // The rows of the answer come before the commit; only when the reader has been read to its end has the server committed.
        var answers = new List<(bool Known, bool Fits, bool Stands)>(places.Length);
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
                answers.Add((rows.GetBoolean(0), rows.GetBoolean(1), rows.GetBoolean(2)));
            await rows.NextResultAsync(cancellationToken);
        }

        for (var i = 0; i < places.Length; i++)
        {
            var (known, fits, stands) = answers[i];
            _results[places[i]] = fits ? AppendResult.Committed : AppendResult.Fenced;
            StoredSome |= fits && !stands;
            if (stands)
                _standing.Add(places[i]);
            if (!known)
                _new.Add(places[i]);
        }
    }

    /// <summary>Makes rooms. One whose first append then fails is there with nothing in it, which is the same as not being there. Gives those that are there.</summary>
    private async Task<int[]> AddRoomsAsync(int[] places, CancellationToken cancellationToken)
    {
        if (places.Length == 0)
            return [];
        if (_lockWaits >= LockWaits)
        {
            SetAll(places, AppendResult.Failed);
            return [];
        }

        try
        {
            await using var command = new NpgsqlCommand(PostgresQueries.AddRooms, connection);
            command.Parameters.Add(AppendArrays.Of(Array.ConvertAll(places, place => batches[place].Room)));
            command.Parameters.Add(AppendArrays.Of(Array.ConvertAll(places, place => batches[place].RoomName)));
            command.Parameters.Add(AppendArrays.Of(baseEpoch));
            await command.ExecuteNonQueryAsync(cancellationToken);
            return places;
        }
        catch (PostgresException error) when (PostgresErrors.IsOneRooms(error))
        {
            logger.Conflict(places.Length, error.SqlState);
            CountWait(error);
        }

        if (places.Length == 1)
        {
            _results[places[0]] = AppendResult.Failed;
            return [];
        }

        List<int> there = [];
        foreach (var place in places)
            there.AddRange(await AddRoomsAsync([place], cancellationToken));
        return [.. there];
    }

    private async Task<AppendResult> JudgeAsync(AppendBatch batch, PostgresException conflict, CancellationToken cancellationToken)
    {
        if (conflict.SqlState != PostgresErrorCodes.UniqueViolation)
            return AppendResult.Failed;
        return IsStandingId(conflict) ? await FindStandingAsync(batch, cancellationToken) : AppendResult.Fenced;
    }

    private async Task<AppendResult> FindStandingAsync(AppendBatch batch, CancellationToken cancellationToken)
    {
        MessageKey[] keys = [.. batch.Messages.Select(message => new MessageKey(message.Sub, message.Id))];
        ChatMessage[] found = [.. (await PostgresMessageLog.FindAsync(connection, batch.Room, keys, cancellationToken)).OfType<ChatMessage>()];

        // None, when the room was forgotten or the message deleted meanwhile: then the batch may come again.
        return found.Length == 0 ? AppendResult.Failed : new AppendResult(AppendStatus.Duplicates, found);
    }

    private static bool IsStandingId(PostgresException conflict) =>
        conflict.SqlState == PostgresErrorCodes.UniqueViolation && conflict.ConstraintName == PostgresSchema.IdConstraint;

    private void CountWait(PostgresException conflict)
    {
        if (PostgresErrors.IsLock(conflict) && ++_lockWaits == LockWaits)
            logger.Locked(LockWaits);
    }

    private void SetAll(int[] places, AppendResult result)
    {
        foreach (var place in places)
            _results[place] = result;
    }
}
