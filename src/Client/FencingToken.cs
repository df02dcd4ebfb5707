namespace MiniKube.Client;

/// <summary>
/// The fencing token of the leader of this process. It is set when leadership is acquired and stays when leadership is lost: a write that is still under
/// way then carries the old token, and the server refuses it.
/// </summary>
public sealed class FencingToken
{
    private volatile string? _headerValue;

    /// <summary>What to send in <see cref="Api.Meta.Fencing.Header"/>; null before leadership was ever acquired.</summary>
    public string? HeaderValue
    {
        get => _headerValue;
        set => _headerValue = value;
    }
}
