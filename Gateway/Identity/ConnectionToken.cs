using System.Text;

namespace ChitChatz.Gateway.Identity;

/// <summary>
/// The token that one connection goes on sending. The bytes of the last verified one are kept, so that each further frame costs a
/// comparison and not a signature. Used by the connection's reader alone.
/// </summary>
public sealed class ConnectionToken(TokenService tokens)
{
    private byte[]? _bytes;
    private TokenVerdict _verdict;

    /// <summary>Checks the token of a frame, by its bytes if it is the same as before. One of somebody else is answered but not kept.</summary>
    public TokenVerdict Check(ReadOnlyMemory<byte> jwt)
    {
        if (_bytes is not null && jwt.Span.SequenceEqual(_bytes))
            return tokens.Recheck(_verdict);
        var verdict = tokens.Verify(jwt.Span);
        if (verdict.IsValid && (_bytes is null || verdict.Claims.Sub == _verdict.Claims.Sub))
        {
            _bytes = jwt.ToArray();
            _verdict = verdict;
        }

        return verdict;
    }

    /// <summary>Checks the kept token again: for frames that may come without one, and for closing connections whose time is over. Invalid when there is none.</summary>
    public TokenVerdict Recheck() => tokens.Recheck(_verdict);

    /// <summary>Keeps a token that was just issued to this connection, whoever it was before.</summary>
    public void Adopt(string issued)
    {
        _bytes = null;
        _verdict = default;
        Check(Encoding.ASCII.GetBytes(issued));
    }
}
