namespace MiniKube.ApiServer.Authentication;

/// <summary>Which headers of which front proxy are believed. Flags: --requestheader-*.</summary>
public sealed record RequestHeaderOptions
{
    /// <summary>PEM file: the authorities of front proxies. Null: no header is believed.</summary>
    public string? ClientCaFile { get; init; }

    /// <summary>Common names of front proxies; empty are all that an authority has signed for.</summary>
    public IReadOnlyList<string> AllowedNames { get; init; } = [];

    public IReadOnlyList<string> UsernameHeaders { get; init; } = [];

    public IReadOnlyList<string> UidHeaders { get; init; } = [];

    public IReadOnlyList<string> GroupHeaders { get; init; } = [];

    /// <summary>Such as X-Remote-Extra-: what follows is the key.</summary>
    public IReadOnlyList<string> ExtraHeaderPrefixes { get; init; } = [];
}
