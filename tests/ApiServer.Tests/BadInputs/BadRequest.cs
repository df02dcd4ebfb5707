namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>One request that a server must survive, and the status that upstream answers.</summary>
/// <param name="Name">Its number in the list of bad inputs, and what it is.</param>
/// <param name="Status">What is answered.</param>
/// <param name="Path">What is asked for.</param>
internal sealed record BadRequest(string Name, int Status, string Path)
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Null sends none.</summary>
    public Func<byte[]>? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Lines such as <c>Accept: a/b</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Who asks; null is the administrator, empty is nobody.</summary>
    public string? User { get; init; }
}
