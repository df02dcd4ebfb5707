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
        var token = Decode(text);
        var version = token.StringAt("v") ?? "";
        if (version != Form)
        {
            throw Invalid($": server does not recognize this encoded version {version}");
        }

        var revision = token.IntegerAt("rv") ?? 0;
        if (revision == 0)
        {
            throw Invalid($": incorrect encoded start resourceVersion (version {Form})");
        }

        if (token.StringAt("start") is not { Length: > 0 } start)
        {
            throw Invalid($": encoded start key empty (version {Form})");
        }

        // A key is a path below what is listed, and nothing that leads out of it.
        return start.TrimStart('/').Split('/').Any(part => part is "" or "." or "..")
            ? throw Invalid($": {start}")
            : new ContinueToken(Math.Max(revision, -1), start.TrimStart('/'));
    }

    private static JsonObject Decode(string text)
    {
        byte[] json;
        try
        {
            json = Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            throw Invalid($": illegal base64 data at input byte {text.TakeWhile(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_').Count()}");
        }

        try
        {
            return JsonCodec.Parse(json);
        }
        catch (DecodeException error)
        {
            throw Invalid($": {error.Message}");
        }
    }

    private static StatusException Invalid(string why) => StatusException.BadRequest($"invalid continue token: continue key is not valid{why}");
}
