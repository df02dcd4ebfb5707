using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MiniKube.ControllerManager.Bootstrap;

/// <summary>A JWS (RFC 7515, HS256) without its payload, by which who knows a token knows that the payload comes from the cluster.</summary>
internal static class DetachedSignature
{
    public static string Compute(string content, string tokenId, string tokenSecret)
    {
        var header = Encode($$"""{"alg":"HS256","kid":"{{tokenId}}"}""");
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(tokenSecret), Encoding.ASCII.GetBytes($"{header}.{Encode(content)}"));
        return $"{header}..{Base64Url.EncodeToString(signed)}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
