using System.Net.Http.Headers;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests;

/// <summary>What the server answered.</summary>
public sealed record ApiAnswer(int Status, string Text, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonObject Json => JsonNode.Parse(Text) as JsonObject ?? throw new InvalidOperationException($"Not an object: {Text}");

    public string ResourceVersion => Json.StringAt("metadata", "resourceVersion") ?? "";

    public string Message => Json.StringAt("message") ?? "";

    public string Reason => Json.StringAt("reason") ?? "";

    public IReadOnlyList<string> Names => [.. Json.ObjectsAt("items").Select(item => item.StringAt("metadata", "name") ?? "")];

    public ApiAnswer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }
}
