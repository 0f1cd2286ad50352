using BenchmarkDotNet.Attributes;
using ChitChatz.Storage;
using ChitChatz.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>The log in a SQLite file in the folder for temporary files: nearly all of the time is the disk's.</summary>
[MemoryDiagnoser]
[InvocationCount(Count, 1)]
public class SqliteLogBenchmarks : LogBenchmarks
{
    private const int Count = 64;

    private string _folder = "";

    protected override int Appends => Count;

    protected override IMessageLog NewLog()
    {
        _folder = Directory.CreateTempSubdirectory("chitchatz-micro-").FullName;
        return new SqliteMessageLog(Path.Combine(_folder, "log.db"), TimeProvider.System, NullLoggerFactory.Instance);
    }

    protected override void Forget() => Directory.Delete(_folder, recursive: true);
}
