using System.Text;
using BenchmarkDotNet.Attributes;
using ChitChatz.Gateway.Identity;

namespace ChitChatz.Benchmarks.Micro;

/// <summary>The token of a client's frame.</summary>
[MemoryDiagnoser]
public class TokenBenchmarks
{
    private readonly ConnectionToken _connection = new(Samples.Tokens);
    private byte[] _token = [];

    [GlobalSetup]
    public void Setup()
    {
        _token = Encoding.ASCII.GetBytes(Samples.Tokens.Issue(Samples.User, Samples.Room));
        if (!_connection.Check(_token).IsValid)
            throw new InvalidOperationException("The token does not count.");
    }

    /// <summary>One that the connection sent before: nearly all of them.</summary>
    [Benchmark]
    public bool CheckSameAgain() => _connection.Check(_token).IsValid;

    /// <summary>One that is new here, with its signature.</summary>
    [Benchmark]
    public bool Verify() => Samples.Tokens.Verify(_token).IsValid;

    [Benchmark]
    public string Issue() => Samples.Tokens.Issue(Samples.User, Samples.Room);
}
