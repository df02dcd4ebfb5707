using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

/// <summary>Reads the events of a watch, each with a deadline.</summary>
public sealed class WatchReader(HttpResponseMessage response, Stream stream) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly StreamReader _reader = new(stream);

    /// <summary>The HTTP status that the watch began with.</summary>
    public int Status => (int)response.StatusCode;

    /// <summary>The next event; null when the server ended the watch.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        var line = await _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        return line is null ? null : JsonNode.Parse(line) as JsonObject;
    }

    /// <summary>The next event as <c>TYPE name</c>.</summary>
    public async Task<string> NextNameAsync()
    {
        var next = await NextAsync();
        return $"{next.StringAt("type")} {next.StringAt("object", "metadata", "name")}".TrimEnd();
    }

    public void Dispose()
    {
        _reader.Dispose();
        response.Dispose();
    }
}
