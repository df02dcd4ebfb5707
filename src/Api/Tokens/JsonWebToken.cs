using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Tokens;

/// <summary>A signed token in compact form (RFC 7515), taken apart. Nothing in it is true before its signature has been verified.</summary>
public sealed class JsonWebToken
{
    // Longer than any token that is issued; a bound for what is decoded.
    private const int LongestToken = 16 * 1024;

    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private JsonWebToken(string algorithm, string keyId, JsonObject claims, byte[] signed, byte[] signature)
    {
        (Algorithm, KeyId, Claims) = (algorithm, keyId, claims);
        (_signed, _signature) = (signed, signature);
    }

    public string Algorithm { get; }

    /// <summary>Empty when the token does not name its key.</summary>
    public string KeyId { get; }

    public JsonObject Claims { get; }

    public string Issuer => Claims.StringAt("iss") ?? "";

    public IReadOnlyList<string> Audiences => Claims["aud"] switch
    {
        JsonArray values => [.. values.Select(value => value?.ToString() ?? "")],
        JsonValue value => [value.ToString()],
        _ => [],
    };

    /// <summary>Null when the text is not such a token.</summary>
    public static JsonWebToken? Parse(string text)
    {
        var parts = text.Length <= LongestToken ? text.Split('.') : [];
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } claims || !Base64Url.IsValid(parts[2]))
        {
            return null;
        }

        // Extensions that must be understood (RFC 7515, 4.1.11): none is.
        return header.ContainsKey("crit")
            ? null
            : new JsonWebToken(
                header.StringAt("alg") ?? "",
                header.StringAt("kid") ?? "",
                claims,
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
                Base64Url.DecodeFromChars(parts[2]));
    }

    public bool IsSignedBy(PublicKey key) =>
        (KeyId.Length == 0 || KeyId == key.Id) && Algorithm == key.Algorithm && key.Verify(_signed, _signature);

    private static JsonObject? Decode(string part)
    {
        try
        {
            return Base64Url.IsValid(part) ? JsonNode.Parse(Base64Url.DecodeFromChars(part)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
