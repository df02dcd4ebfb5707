using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>
/// Where a list that is read in pages goes on: the revision of its first page and the next key, relative to what is listed. A forged token can start
/// elsewhere in the same list, but can never read what the list does not hold.
/// </summary>
/// <param name="Revision">The revision all pages are of; -1 goes on from the newest, inconsistently (offered when a token has expired).</param>
/// <param name="Start">The first key of the next page, as <c>namespace/name</c> or <c>name</c>.</param>
internal sealed record ContinueToken(long Revision, string Start)
{
    private const string Form = "meta.k8s.io/v1";

    public string Encode() => Base64Url.EncodeToString(
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["v"] = Form, ["rv"] = Revision, ["start"] = Start }));

    public static ContinueToken Parse(string text)
    {
        try
        {
            var token = JsonNode.Parse(Base64Url.DecodeFromChars(text));
            if (token.StringAt("v") == Form && token.IntegerAt("rv") is { } revision and (> 0 or -1) && token.StringAt("start") is { Length: > 0 } start)
            {
                return new ContinueToken(revision, start);
            }
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            throw Invalid("unable to decode");
        }

        throw Invalid("unexpected content");
    }

    private static StatusException Invalid(string why) => StatusException.BadRequest($"continue key is not valid: {why}");
}
